"""Tests of the courier."""

import sys
import unittest

import courier


class CourierTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        print(flush=True)

    async def test_a_day_ends(self):
        self.assertEqual((await courier.day()).notes, [])

    async def test_no_parcel_is_lost(self):
        done = await courier.day()
        self.assertEqual(len(done.delivered), 15, "parcels were lost on the way")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
