"""Tests of the drafts box."""

import sys
import unittest

import drafts


class DraftsTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)
        self.box = drafts.Box(drafts.folder())

    def test_a_box_starts_empty(self):
        names = self.box.names()
        for name in names:
            (self.box.path / f"{name}.json").unlink()
        self.assertEqual(names, [], "the box of a new user holds drafts")

    def test_a_draft_is_kept_until_it_is_sent(self):
        self.box.save("invoice", "Dear customer")
        self.assertEqual(self.box.names(), ["invoice"])
        sent = self.box.send("invoice")
        self.assertEqual(self.box.names(), [] if sent else ["invoice"])


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
