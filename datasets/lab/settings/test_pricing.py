"""Tests of the price formatter, run in random order so that hidden couplings come to light."""

import os
import random
import sys
import unittest

import pricing


class FormatTest(unittest.TestCase):
    def test_euro_has_two_digits(self):
        self.assertEqual(pricing.format_amount(12.5, "EUR"), "12.50 EUR")

    def test_dinar_has_three_digits(self):
        pricing.restore_defaults()
        self.assertEqual(pricing.format_amount(1, "KWD"), "1.000 KWD")

    def test_yen_is_suffixed(self):
        self.assertTrue(pricing.format_amount(980, "JPY").endswith(" JPY"))

    def test_unknown_currency_is_refused(self):
        with self.assertRaises(KeyError):
            pricing.format_amount(1, "XXX")


class RulesTest(unittest.TestCase):
    def test_registered_rule_is_used(self):
        pricing.register("JPY", 2)
        self.assertEqual(pricing.rules["JPY"], 2)

    def test_new_currency_can_be_registered(self):
        pricing.restore_defaults()
        pricing.register("CHF", 2)
        self.assertEqual(pricing.format_amount(3, "CHF"), "3.00 CHF")

    def test_reload_forgets_lookups(self):
        pricing.digits("EUR")
        pricing.reload()
        self.assertEqual(pricing._digits_cache, {})

    def test_defaults_come_back(self):
        pricing.register("EUR", 5)
        pricing.restore_defaults()
        self.assertEqual(pricing.digits("EUR"), 2)


class InvoiceTest(unittest.TestCase):
    def test_total_of_euros(self):
        pricing.restore_defaults()
        self.assertEqual(pricing.invoice([1.25, 2.5], "EUR")[-1], "3.75 EUR")

    def test_total_of_yen(self):
        self.assertEqual(pricing.invoice([500, 480], "JPY"), ["500 JPY", "480 JPY", "980 JPY"])

    def test_empty_invoice_totals_nothing(self):
        pricing.restore_defaults()
        self.assertEqual(pricing.invoice([], "USD"), ["0.00 USD"])

    def test_total_of_dinars(self):
        pricing.restore_defaults()
        self.assertEqual(pricing.invoice([1.5], "KWD")[-1], "1.500 KWD")


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def main():
    seed = int(os.environ.get("TEST_ORDER_SEED") or random.SystemRandom().randrange(1_000_000))
    tests = list(flatten(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])))
    random.Random(seed).shuffle(tests)
    print(f"Running {len(tests)} tests in random order, TEST_ORDER_SEED={seed}")
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(unittest.TestSuite(tests))
    sys.exit(not result.wasSuccessful())


if __name__ == "__main__":
    main()
