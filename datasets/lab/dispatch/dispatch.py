"""Sends camera frames to a pool of workers; each worker opens its own device before it can take work."""

import logging
import queue
import random
import threading
import time

SETTLE_S, SETTLE_SPREAD_S = 0.038, 0.0030
START_UP_S = 0.055

log = logging.getLogger("dispatch")


class Worker:
    """A thread with a device; `inbox` takes frames, `results` holds what became of them."""

    def __init__(self, number):
        self.number = number
        self.inbox = None
        self.results = []
        self.thread = threading.Thread(target=self.run, name=f"worker-{number}")

    def open_device(self):
        """Waits until the sensor of this worker has settled; most need 35 to 41 ms."""
        time.sleep(max(0.005, random.SystemRandom().gauss(SETTLE_S, SETTLE_SPREAD_S)))

    def run(self):
        log.info("worker %d opening device", self.number)
        self.open_device()
        self.inbox = queue.Queue()
        log.info("worker %d ready", self.number)
        while (frame := self.inbox.get()) is not None:
            time.sleep(0.004)
            self.results.append(frame * 2)


class Pool:
    """Workers that take frames in turn."""

    def __init__(self, count):
        self.workers = [Worker(number) for number in range(count)]

    def start(self):
        for worker in self.workers:
            worker.thread.start()
        time.sleep(START_UP_S)

    def dispatch(self, frame):
        worker = self.workers[frame % len(self.workers)]
        log.info("dispatch frame %d to worker %d", frame, worker.number)
        worker.inbox.put(frame)

    def stop(self):
        """Lets every worker finish what it has and end."""
        for worker in self.workers:
            while worker.inbox is None:
                time.sleep(0.001)
            worker.inbox.put(None)
            worker.thread.join()
