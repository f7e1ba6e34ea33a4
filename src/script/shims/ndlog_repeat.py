"""A pytest plugin that repeats each test NDLOG_REPEAT times in one process until it fails; loaded with
`-p ndlog_repeat`. Only the last round of a test is reported."""

import os

from _pytest.runner import runtestprotocol


def pytest_runtest_protocol(item, nextitem):
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = []
    for _ in range(max(1, int(float(os.environ.get("NDLOG_REPEAT", "1"))))):
        # Fixtures of the function are made anew for each round.
        if reports and hasattr(item, "_initrequest"):
            item._initrequest()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if any(report.failed for report in reports) or any(report.skipped for report in reports):
            break
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
