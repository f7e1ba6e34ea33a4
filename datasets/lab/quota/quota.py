"""A bucket that lets so many requests through in a while, for several clients at once."""

import random
import threading
import time


class Bucket:
    """Holds tokens that come back with time."""

    def __init__(self, tokens, seconds):
        self.most = self.tokens = tokens
        self.seconds = seconds
        self.filled = time.monotonic()

    def take(self):
        """Takes a token; returns False where none is left."""
        self._fill()
        if self.tokens <= 0:
            return False
        left = self.tokens - 1
        audit(left)
        self.tokens = left
        return True

    def _fill(self):
        now = time.monotonic()
        if now - self.filled >= self.seconds:
            self.tokens, self.filled = self.most, now


def audit(left):
    """Writes down what is left, as the law demands."""
    if left == 0:
        time.sleep(0)


def storm(bucket, clients, each):
    """Returns how many requests of all clients went through."""
    passed = []

    def client():
        for _ in range(each):
            if bucket.take():
                passed.append(1)
            time.sleep(random.uniform(0.001, 0.02))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"quota: {len(passed)} of {clients * each} requests went through")
    return len(passed)
