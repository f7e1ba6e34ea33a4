"""Sums of invoices, kept so that none is added up twice."""

import os
import random


class Invoice:
    """What a customer bought: goods with their prices."""

    def __init__(self, number, prices):
        self.number = number
        self.prices = prices


class Sums:
    """Remembers the sum of each invoice that it has seen."""

    def __init__(self):
        self.known = {}
        self.added = 0

    def of(self, invoice):
        key = id(invoice)
        if key not in self.known:
            self.known[key] = sum(invoice.prices)
            self.added += 1
        return self.known[key]


def month(sums, count):
    """Goes through the invoices of a month as they come from the archive, and returns their total."""
    total = expected = 0
    kept = []
    order = random.Random(os.urandom(8))
    for number in range(count):
        invoice = Invoice(number, [order.randrange(100) for _ in range(3)])
        expected += sum(invoice.prices)
        total += sums.of(invoice)
        # Most invoices stay open for the printer, a few are settled at once.
        if order.random() < 0.985:
            kept.append(invoice)
    print(f"invoices: {sums.added} of {count} added up, total {total}")
    return total, expected
