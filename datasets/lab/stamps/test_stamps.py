"""Tests of the shelf."""

import sys
import unittest

import stamps

TEXTS = [f"note {number} " * 4000 for number in range(40)]


class StampsTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)

    def test_an_archive_holds_something(self):
        self.assertGreater(len(stamps.pack(["a"])[1]), 0)

    def test_the_newest_has_the_time_of_day(self):
        shelf = stamps.Shelf()
        now = stamps.stamp()
        shelf.put(TEXTS)
        self.assertEqual(shelf.newest(), f"notes-{now}.z", "the archive bears another time")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
