"""A relay: takes messages over TCP, acknowledges them at once and delivers them one after another."""

import hashlib
import queue
import random
import socket
import threading
import time

POLL_S = 0.02
STOP_PATIENCE_S = 0.17
KEY = b"relay"


class Relay:
    """Listens on `port` of the loopback address from `start` to `stop`."""

    def __init__(self, port, log=print):
        self.port, self.log = port, log
        self.pending = queue.Queue()
        self.delivered = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.serve, name=f"relay-{port}", daemon=True)

    def start(self):
        self.log(f"relay: starting on port {self.port}")
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen()
        self.listener.settimeout(POLL_S)
        self.thread.start()

    def serve(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                continue
            with connection:
                for line in connection.makefile("rb"):
                    self.pending.put(line)
                    connection.sendall(b"queued\n")
        self.drain()
        self.listener.close()
        self.log(f"relay: port {self.port} closed, {len(self.delivered)} messages delivered")

    def drain(self):
        while not self.pending.empty():
            self.deliver(self.pending.get())

    def deliver(self, message):
        """Signs the message and waits for the receiver, who takes 5 ms on average."""
        hashlib.pbkdf2_hmac("sha256", message, KEY, 1500)
        time.sleep(random.SystemRandom().expovariate(1 / 0.005))
        self.delivered.append(message)

    def stop(self):
        """Asks the relay to deliver what is pending and to close its port."""
        self.stopping.set()
        self.thread.join(STOP_PATIENCE_S)


def send(port, messages):
    """Sends messages on one connection and returns the answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        answers = connection.makefile("rb")
        for message in messages:
            connection.sendall(message + b"\n")
            assert answers.readline() == b"queued\n"
