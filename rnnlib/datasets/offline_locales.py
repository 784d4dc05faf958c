"""Names and dates in many languages, from the locale data (Unicode CLDR) of the package Babel."""

import datetime
import random
import re

from .splits import by_hash, remainder

LANGUAGES = ("cs", "cy", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "hr", "hu", "id",
             "is", "it", "lt", "lv", "nl", "pl", "pt", "ro", "sv", "tr")
LOCALES = ("cs", "da", "de", "en_GB", "en_US", "es", "fi", "fr", "hu", "it", "nl", "pl", "pt",
           "ro", "sv", "tr")
FIRST = datetime.date(1950, 1, 1).toordinal()
NEW = ("y, d MMMM", "EEEE, y MMMM d", "MMMM d y (EEEE)", "d MMM y, EEEE", "y MMM d")
"""Ways to write a date, in the letters of Unicode, that no locale here uses by itself."""
DAYS = datetime.date(2050, 1, 1).toordinal() - FIRST


def locale_names():
    """Names of countries and languages as (name, language), those of one language only."""
    languages = {}
    for code in LANGUAGES:
        locale = _babel().Locale(code)
        for name in {**locale.languages, **locale.territories}.values():
            if re.fullmatch(r"[^\W\d_]{3,}(?:[ -][^\W\d_]+)*", name):
                languages.setdefault(name, set()).add(locale.english_name)
    clear = [(name, *found) for name, found in languages.items() if len(found) == 1]
    return by_hash(sorted(clear), key=lambda example: example[0])


def dates(count=12000, seed=0):
    """Dates as (date as written somewhere, ISO date): no day is in two splits."""
    babel, rng, found = _babel(), random.Random(seed), {}
    for _ in range(count):
        day = datetime.date.fromordinal(FIRST + rng.randrange(DAYS))
        locale, length = rng.choice(LOCALES), rng.choice(("medium", "long", "full"))
        written = babel.dates.format_date(day, length, locale=locale)
        found.setdefault(" ".join(written.split()), day.isoformat())
    return by_hash(list(found.items()), key=lambda example: example[1])


def new_dates(count=1500, seed=1):
    """The dates of `dates` to learn from; those of the test are written in ways never seen.

    The words are the same, months and weekdays of the same locales, in another order and, with
    the weekday, often longer.
    """
    babel, rng, found = _babel(), random.Random(seed), {}
    while len(found) < count:
        day = datetime.date.fromordinal(FIRST + rng.randrange(DAYS))
        if remainder(day.isoformat(), 10) == 0:
            written = babel.dates.format_date(day, rng.choice(NEW), locale=rng.choice(LOCALES))
            found.setdefault(" ".join(written.split()), day.isoformat())
    return {**dates(), "test": list(found.items())}


def _babel():
    try:
        import babel.dates
    except ImportError as error:
        raise ValueError("names and dates of many languages need the package Babel, which comes "
                         "with JupyterLab: python3 course.py lab installs both") from error
    return babel
