"""Renders small previews of camera frames: a box blur and a gamma curve on grey pixels."""

import time

WIDTH, HEIGHT = 72, 48
FRAME_PERIOD_S = 0.030
GAMMA = [round(255 * (level / 255) ** 0.45) for level in range(256)]


class Camera:
    """Delivers a frame every 30 ms, never sooner, like the real one."""

    def read(self, number):
        time.sleep(FRAME_PERIOD_S)
        return [[(x * 7 + y * 13 + number * 31) % 256 for x in range(WIDTH)] for y in range(HEIGHT)]


def blur(rows):
    """Returns the mean of each pixel and its eight neighbours; the border stays as it is."""
    blurred = [row[:] for row in rows]
    for y in range(1, HEIGHT - 1):
        above, here, below = rows[y - 1], rows[y], rows[y + 1]
        for x in range(1, WIDTH - 1):
            total = sum(above[x - 1 : x + 2]) + sum(here[x - 1 : x + 2]) + sum(below[x - 1 : x + 2])
            blurred[y][x] = total // 9
    return blurred


def brighten(rows):
    return [[GAMMA[level] for level in row] for row in rows]


def render(frame, passes):
    for _ in range(passes):
        frame = blur(frame)
    return brighten(frame)
