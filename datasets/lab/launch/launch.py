"""Helpers of a service: small processes that say when they are ready."""

import subprocess
import time

LIMIT_S = 0.010


class NotReady(Exception):
    """A helper did not say in time that it is ready."""


class Helper:
    """A process that answers with its name."""

    def __init__(self, name):
        self.name = name
        self.began = time.monotonic()
        self.process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def greet(self):
        """Waits until the helper has answered."""
        self.process.stdin.write(self.name.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode().strip()
        took = time.monotonic() - self.began
        print(f"launch: {answer} after {1000 * took:.1f} ms")
        if took > LIMIT_S:
            raise NotReady(f"{answer} was not ready within {1000 * LIMIT_S:.0f} ms")
        return answer

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
