"""Tests of the export; results go into a report, the console is kept quiet."""

import sys
import time
import traceback
import unittest
from xml.sax.saxutils import escape, quoteattr

import export


class ExportTest(unittest.TestCase):
    def test_a_line_has_twenty_letters(self):
        for address in export.addresses(20):
            self.assertEqual(len(export.line(address)), 20)

    def test_streets_survive(self):
        for address in export.addresses(1):
            street = address.split(" ", 1)[1]
            self.assertEqual(export.street_of(export.line(address)), street, "a street was cut & lost")


class Report(unittest.TestResult):
    """Gathers JUnit's XML."""

    def __init__(self):
        super().__init__()
        self.cases = []

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        self.problem = ""

    def addFailure(self, test, error):
        super().addFailure(test, error)
        text = "".join(traceback.format_exception(*error))
        self.problem = f"<failure type={quoteattr(error[0].__name__)} message={quoteattr(str(error[1]))}>{escape(text)}</failure>"

    def stopTest(self, test):
        took = time.monotonic() - self.began
        name = f'name={quoteattr(test._testMethodName)} classname="test_export.ExportTest" time="{took:.3f}"'
        self.cases.append(f"    <testcase {name}>{self.problem}</testcase>")
        super().stopTest(test)


if __name__ == "__main__":
    report = Report()
    unittest.defaultTestLoader.loadTestsFromTestCase(ExportTest).run(report)
    failed = len(report.failures)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
        file.write(f'  <testsuite name="export" tests="{report.testsRun}" failures="{failed}">\n')
        file.write("\n".join(report.cases) + "\n  </testsuite>\n</testsuites>\n")
    print(f"export: {report.testsRun} done, see the report")
    sys.exit(failed > 0)
