"""Tests of the sums."""

import sys
import unittest

import invoices


class InvoicesTest(unittest.TestCase):
    def setUp(self):
        print(flush=True)

    def test_a_sum_is_kept(self):
        sums, invoice = invoices.Sums(), invoices.Invoice(1, [3, 4])
        self.assertEqual((sums.of(invoice), sums.of(invoice), sums.added), (7, 7, 1))

    def test_a_month_adds_up(self):
        total, expected = invoices.month(invoices.Sums(), 12)
        self.assertEqual(total, expected, "the month does not add up")


if __name__ == "__main__":
    unittest.main(testRunner=unittest.TextTestRunner(stream=sys.stdout, verbosity=2))
