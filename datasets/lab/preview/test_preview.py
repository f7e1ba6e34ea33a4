"""Tests of the preview renderer; each test must end within TEST_TIMEOUT_S seconds."""

import os
import signal
import sys
import time
import unittest

import preview

LIMIT_S = float(os.environ.get("TEST_TIMEOUT_S", "10"))


class TestTimeout(Exception):
    pass


class PreviewTest(unittest.TestCase):
    def setUp(self):
        signal.signal(signal.SIGALRM, self.give_up)
        signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
        self.started = time.monotonic()

    def tearDown(self):
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(f"    {self.id().split('.')[-1]}: {time.monotonic() - self.started:.2f} s", flush=True)

    def give_up(self, _signal, _frame):
        raise TestTimeout(f"{self.id().split('.')[-1]} exceeded {LIMIT_S} s")

    def test_blur_keeps_a_flat_picture(self):
        flat = [[90] * preview.WIDTH for _ in range(preview.HEIGHT)]
        self.assertEqual(preview.blur(flat), flat)

    def test_brighten_keeps_black_and_white(self):
        self.assertEqual(preview.brighten([[0, 255]]), [[0, 255]])

    def test_live_preview_of_24_frames(self):
        camera = preview.Camera()
        for number in range(1, 25):
            picture = preview.render(camera.read(number), passes=5)
            self.assertEqual(len(picture), preview.HEIGHT)
            if number % 4 == 0:
                elapsed = time.monotonic() - self.started
                print(f"    frame {number}/24 rendered at {elapsed:.2f} s", flush=True)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
