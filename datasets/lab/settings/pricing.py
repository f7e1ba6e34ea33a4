"""Formats amounts of money by the rounding rule of their currency."""

DEFAULT_RULES = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}

rules = dict(DEFAULT_RULES)
_digits_cache = dict(rules)


def register(currency, digits):
    """Sets how many digits after the point a currency has."""
    rules[currency] = digits


def reload():
    """Forgets looked-up rules, as after a change of the rule files."""
    _digits_cache.clear()


def restore_defaults():
    """Brings back the rules we ship."""
    rules.clear()
    rules.update(DEFAULT_RULES)
    _digits_cache.update(DEFAULT_RULES)


def digits(currency):
    if currency not in _digits_cache:
        _digits_cache[currency] = rules[currency]
    return _digits_cache[currency]


def format_amount(amount, currency):
    """Returns the amount as people write it: `12.50 EUR`."""
    return f"{amount:.{digits(currency)}f} {currency}"


def invoice(lines, currency):
    """Returns the lines and their total, each formatted."""
    return [format_amount(line, currency) for line in [*lines, sum(lines)]]
