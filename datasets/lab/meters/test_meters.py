"""Tests of the meters; what asks a neighbour is tried twice before it counts."""

import functools
import sys
import unittest

import meters


def twice(test):
    """Runs a test again where a neighbour did not answer."""

    @functools.wraps(test)
    def tried(self):
        try:
            test(self)
        except TimeoutError as error:
            print(f"{test.__name__}: {error}, trying again")
            test(self)

    return tried


class MetersTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)

    def test_counts(self):
        meter = meters.Meter("requests")
        meter.add(3)
        self.assertEqual(meter.value, 3)

    @twice
    def test_a_probe_is_counted(self):
        probe = meters.Probe()
        self.assertLessEqual(probe.ask(), 1.0)
        self.assertGreaterEqual(meters.total(), 1)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
