"""Names of archives: the time of day and what is in them."""

import time
import zlib


def stamp():
    return time.strftime("%H%M%S")


def pack(texts):
    """Returns the archive's name and its bytes."""
    body = b"".join(zlib.compress(text.encode(), 9) for text in texts)
    return f"notes-{stamp()}.z", body


class Shelf:
    """Archives by their names."""

    def __init__(self):
        self.archives = {}

    def put(self, texts):
        name, body = pack(texts)
        self.archives[name] = body
        print(f"stamps: put {len(body)} bytes into {name}")
        return name

    def newest(self):
        return max(self.archives)
