"""Tests of the gallery: visitors ask for photos at random moments, as they do."""

import os
import random
import sys
import time
import unittest

import gallery

MEMORY_MB = int(os.environ.get("GALLERY_MEMORY_MB", "512"))
REQUESTS = 40
MEAN_GAP_S = 0.050


class GalleryTest(unittest.TestCase):
    def setUp(self):
        self.gallery = gallery.Gallery(MEMORY_MB)
        self.addCleanup(self.gallery.close)

    def test_a_thumbnail_is_small(self):
        number, thumbnail = self.gallery.request(7).result()
        self.assertEqual((number, len(thumbnail)), (7, gallery.PIXELS // 4096))

    def test_forty_visitors_get_their_photo(self):
        answers = []
        began = time.monotonic()
        for number in range(REQUESTS):
            answers.append(self.gallery.request(number))
            time.sleep(random.SystemRandom().expovariate(1 / MEAN_GAP_S))
            if number % 10 == 9:
                print(f"    {number + 1} requests sent after {time.monotonic() - began:.2f} s")
        numbers = [answer.result()[0] for answer in answers]
        self.assertEqual(numbers, list(range(REQUESTS)))
        print(f"    {REQUESTS} photos served, at most {self.gallery.most_active} at a time")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
