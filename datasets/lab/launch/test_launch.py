"""Tests of the helpers."""

import sys
import unittest

import launch


class LaunchTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)

    def test_the_limit_is_short(self):
        self.assertLess(launch.LIMIT_S, 1)

    def test_a_helper_is_ready_at_once(self):
        helper = launch.Helper("printer")
        self.addCleanup(helper.stop)
        self.assertEqual(helper.greet(), "printer")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
