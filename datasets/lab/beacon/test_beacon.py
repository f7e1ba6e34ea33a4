"""Tests of the beacon in a folder that is removed after each of them."""

import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

import beacon


class BeaconTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)
        self.folder = tempfile.mkdtemp()
        self.beacon = beacon.Beacon(self.folder)

    def tearDown(self):
        self.beacon.stop()
        print(f"beacon: {self.beacon.written} states")
        time.sleep(0.03)
        shutil.rmtree(self.folder)

    def test_writes_its_state(self):
        self.beacon.start()
        time.sleep(0.05)
        self.assertTrue((Path(self.folder) / "parts" / "state").exists())

    def test_does_nothing_before_it_starts(self):
        self.assertEqual(self.beacon.written, 0)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
