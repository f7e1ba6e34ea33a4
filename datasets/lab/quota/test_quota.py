"""Tests of the bucket."""

import sys
import unittest

import quota


class QuotaTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)

    def check(self, sound):
        self.assertTrue(sound)

    def test_lets_through_what_it_holds(self):
        bucket = quota.Bucket(3, 60)
        self.check(all(bucket.take() for _ in range(3)))

    def test_refuses_more(self):
        bucket = quota.Bucket(1, 60)
        self.check(bucket.take() and not bucket.take())

    def test_holds_in_a_storm(self):
        bucket = quota.Bucket(20, 60)
        self.check(quota.storm(bucket, clients=3, each=9) <= 20)

    def test_fills_again(self):
        bucket = quota.Bucket(1, 0)
        self.check(bucket.take() and bucket.take())


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
