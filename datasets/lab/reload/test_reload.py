"""Tests of settings that are read again."""

import os
import sys
import tempfile
import unittest

import reload


class ReloadTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "panel.conf")
        reload.write(self.path, {"volume": "3", "channel": "1"})
        self.settings = reload.Settings(self.path)

    def test_reads_once(self):
        self.assertEqual(self.settings.get("volume"), "3")
        self.assertEqual(self.settings.get("channel"), "1")

    def test_sees_a_change(self):
        self.assertEqual(self.settings.get("volume"), "3")
        reload.apply(self.path, "channel", "5")
        self.assertEqual(self.settings.get("channel"), "5", "the panel shows an old channel")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
