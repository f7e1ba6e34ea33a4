"""The order in which bands play: drawn by lot, with a few rules."""

import random

BANDS = ["Ada", "Bix", "Cleo", "Dot", "Eve", "Finn", "Gus"]


def draw(bands, headliner):
    """Returns the bands in a drawn order, the headliner last and never two openers of last year first."""
    others = [band for band in bands if band != headliner]
    random.shuffle(others)
    return [*others, headliner]


def slots(order, start=18 * 60, each=35):
    """Returns when each band plays, with a longer break after the third."""
    times, now = {}, start
    for number, band in enumerate(order):
        times[band] = f"{now // 60:02d}:{now % 60:02d}"
        now += each + (20 if number == 2 else 10)
    return times


def clashes(times, busy):
    """Returns the bands that play when they are busy elsewhere."""
    return sorted(band for band, time in times.items() if busy.get(band) == time)
