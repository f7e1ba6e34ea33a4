"""Parcels that asyncio carries from shops to customers."""

import asyncio
import random


class Courier:
    """Takes parcels from a queue; a customer who does not open the door gets a note instead."""

    def __init__(self):
        self.parcels = asyncio.Queue()
        self.delivered = []
        self.notes = []

    async def work(self):
        while True:
            try:
                parcel = await asyncio.wait_for(self.next(), 0.004)
            except asyncio.TimeoutError:
                continue
            if parcel is None:
                return
            self.delivered.append(parcel)

    async def next(self):
        parcel = await self.parcels.get()
        if parcel is not None:
            await asyncio.sleep(0.0008)
        return parcel


async def shop(courier, name, count):
    for number in range(count):
        await asyncio.sleep(random.uniform(0.002, 0.0034))
        courier.parcels.put_nowait(f"{name}-{number}")


async def day():
    """Returns the courier after a day with one shop."""
    courier = Courier()
    work = asyncio.create_task(courier.work())
    await shop(courier, "books", 15)
    courier.parcels.put_nowait(None)
    await work
    print(f"courier: {len(courier.delivered)} of 15 parcels delivered")
    return courier
