"""Export of addresses as lines that a till can read."""

import random

STREETS = ["Elm Road", "O'Hara Lane", "Fish & Chips Alley", "Main <North> Street"]


def addresses(count):
    """Returns addresses as customers type them."""
    draw = random.Random()
    return [f"{draw.randrange(1, 400)} {draw.choice(STREETS)}" for _ in range(count)]


def line(address):
    """Returns the address in the form of the till: 20 letters, cut where it is longer."""
    number, street = address.split(" ", 1)
    return f"{number:>3} {street}"[:20].ljust(20)


def street_of(text):
    """Returns the street of a line of the till."""
    return text[4:].strip()
