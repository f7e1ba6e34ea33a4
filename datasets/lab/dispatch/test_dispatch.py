"""Tests of the frame dispatcher."""

import logging
import sys
import time
import unittest

import dispatch


class DispatchTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)
        self.pool = dispatch.Pool(4)
        self.addCleanup(self.pool.stop)
        self.pool.start()

    def test_frames_come_back_doubled(self):
        for frame in range(16):
            self.pool.dispatch(frame)
            time.sleep(0.0005)
        time.sleep(0.05)
        results = sorted(result for worker in self.pool.workers for result in worker.results)
        self.assertEqual(results, [frame * 2 for frame in range(16)])


if __name__ == "__main__":
    style = "%(asctime)s %(levelname)-5s [%(threadName)s] %(message)s"
    logging.basicConfig(format=style, stream=sys.stdout, level=logging.INFO)
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
