"""Decodes photos for visitors of a gallery, each request on a thread of a pool, all in one memory budget."""

import concurrent.futures
import resource
import threading
import zlib

PIXELS = 16 * 1024 * 1024
WORKERS = 12
PHOTO = zlib.compress(bytes(range(256)) * (PIXELS // 256), 1)


def address_space():
    """Returns the bytes of address space this process uses now."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


class Gallery:
    """A pool of decoding threads whose process may grow by `memory_mb` at most."""

    def __init__(self, memory_mb):
        self.pool = concurrent.futures.ThreadPoolExecutor(WORKERS, thread_name_prefix="decoder")
        self.lock = threading.Lock()
        self.active = self.most_active = 0
        started = threading.Barrier(WORKERS + 1)
        for _ in range(WORKERS):
            self.pool.submit(started.wait)
        started.wait()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (address_space() + memory_mb * 1024 * 1024, hard))

    def request(self, number):
        return self.pool.submit(self.decode, number)

    def decode(self, number):
        """Returns the thumbnail of a photo."""
        with self.lock:
            self.active += 1
            self.most_active = max(self.active, self.most_active)
        try:
            pixels = zlib.decompress(PHOTO, bufsize=PIXELS)
            zlib.crc32(pixels)
            return number, pixels[::4096]
        finally:
            with self.lock:
                self.active -= 1

    def close(self):
        self.pool.shutdown()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
