"""Runs the training job on four local processes, with the compactor beside it."""

import multiprocessing
import os
import sys
import tempfile
import time
import unittest

import training

TIMEOUT_S = float(os.environ.get("ALLREDUCE_TIMEOUT_S", "30"))


class TrainingTest(unittest.TestCase):
    def test_four_ranks_finish(self):
        context = multiprocessing.get_context("fork")
        with tempfile.TemporaryDirectory(prefix="training-") as folder:
            shards = training.Shards(folder)
            barrier = context.Barrier(training.RANKS)
            compactor = context.Process(target=training.run_compactor, args=[shards], daemon=True)
            ranks = [
                context.Process(target=training.run_rank, args=[rank, shards, barrier, TIMEOUT_S], daemon=True)
                for rank in range(training.RANKS)
            ]
            began = time.monotonic()
            for process in [compactor, *ranks]:
                process.start()
            for process in ranks:
                process.join()
            compactor.kill()
            compactor.join()
            training.say(f"ranks ended after {time.monotonic() - began:.2f} s")
            self.assertEqual([process.exitcode for process in ranks], [0] * training.RANKS)


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
