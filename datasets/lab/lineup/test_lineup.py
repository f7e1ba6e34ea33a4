"""Tests of the line-up."""

import sys
import unittest

import lineup


class LineupTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)

    def test_the_headliner_plays_last(self):
        self.assertEqual(lineup.draw(lineup.BANDS, "Eve")[-1], "Eve")

    def test_everybody_plays_once(self):
        self.assertEqual(sorted(lineup.draw(lineup.BANDS, "Gus")), lineup.BANDS)

    def test_nobody_is_busy_elsewhere(self):
        order = lineup.draw(lineup.BANDS, "Eve")
        print(f"lineup: {', '.join(order)}")
        times = lineup.slots(order)
        self.assertEqual(lineup.clashes(times, {"Bix": "18:00"}), [], "a band is in two places")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
