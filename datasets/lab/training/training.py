"""A small data-parallel training job: four ranks step together, each loads its batches from shared shards.
A compactor rewrites the shards meanwhile and holds their lock while it does."""

import fcntl
import os
import random
import threading
import time
import zlib

RANKS, STEPS = 4, 40
SHARD_MB = 4
STEP_S = 0.012


def say(text):
    os.write(1, f"{text}\n".encode())


class Shards:
    """The shard file and the lock that readers share and the compactor takes alone."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "shard.bin")
        with open(self.path, "wb") as shard:
            shard.write(os.urandom(256) * (SHARD_MB * 4096))

    def read_batch(self, step):
        with open(self.path, "rb") as shard:
            fcntl.flock(shard, fcntl.LOCK_SH)
            shard.seek(step * 4096)
            return shard.read(4096)

    def compact(self):
        """Rewrites the shard through the compressor, one to four times, until it stops shrinking."""
        with open(self.path, "r+b") as shard:
            fcntl.flock(shard, fcntl.LOCK_EX)
            content = shard.read()
            for _ in range(random.SystemRandom().randint(1, 4)):
                content = zlib.decompress(zlib.compress(content, 6))
            shard.seek(0)
            shard.write(content)
            os.fsync(shard.fileno())


def run_compactor(shards):
    for number in range(1, 1000):
        time.sleep(random.SystemRandom().uniform(0.1, 0.3))
        began = time.monotonic()
        shards.compact()
        say(f"compactor: shard rewritten, pass {number} took {(time.monotonic() - began) * 1000:.0f} ms")


def run_rank(rank, shards, barrier, timeout_s):
    """Takes all steps; exits with 1 when the other ranks do not arrive in time."""
    weights = 0
    for step in range(1, STEPS + 1):
        if step % RANKS == rank:
            weights ^= zlib.crc32(shards.read_batch(step))
        time.sleep(STEP_S)
        say(f"rank {rank} step {step}")
        arrived = time.monotonic()
        try:
            barrier.wait(timeout_s)
        except threading.BrokenBarrierError:
            waited = time.monotonic() - arrived
            say(f"rank {rank} ERROR: all-reduce of step {step} not complete after {waited:.3f} s, limit {timeout_s} s")
            os._exit(1)
