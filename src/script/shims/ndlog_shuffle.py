"""A pytest plugin that shuffles the tests by NDLOG_SEED; loaded with `-p ndlog_shuffle`."""

import os
import random


def pytest_collection_modifyitems(items):
    random.Random(os.environ.get("NDLOG_SEED", "1")).shuffle(items)
