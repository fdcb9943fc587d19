"""Public holidays, on which some channels get no digest: whose go with a time zone, and what each is called.

The calendars are those of the package `holidays`. It is imported by the first schedule that asks: a tenth of a second,
and some 20 MB.
"""

import logging
import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from bot.domain.text import Locale
from bot.domain.zones import country_of

_CODE = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_ALIASES = {"UK": "GB"}
_YEARS_KEPT = 64  # of one calendar in one language
# In the calendar's own words first: Hong Kong's has Ching Ming, where others would say Tomb-Sweeping Day.
_LANGUAGES = {
    Locale.EN: ("en_{country}", "en_GB", "en_US"),
    Locale.ZH_HANT: ("zh_HK", "zh_TW", "zh_MO", "en_{country}", "en_GB", "en_US"),
}

log = logging.getLogger(__name__)


def calendar_of(zone: str) -> str | None:
    """Return the code of the calendar that goes with a time zone, that of its country; None where there is none."""
    country = country_of(zone)
    return calendar_named(country) if country else None


@cache
def calendar_named(code: str) -> str | None:
    """Return the code of a country's calendar, or of a part of one (US-CA), as it is kept; None where there is none."""
    country, _, part = code.upper().partition("-")
    country = _ALIASES.get(country, country)
    whole = f"{country}-{part}" if part else country
    if not _CODE.fullmatch(whole):
        return None
    import holidays  # noqa: PLC0415 (heavy, and most start-ups do without)
    from holidays.registry import EntityLoader  # noqa: PLC0415

    if country not in EntityLoader.get_country_codes(include_aliases=False):
        return None
    return whole if not part or part in getattr(holidays, country).subdivisions else None


def holiday_name(calendar: str, day: date, locale: Locale = Locale.EN) -> str | None:
    """Return what a day is called that is a public holiday, in a language if the calendar has it; None for other days.

    A calendar that is not known any more has no holidays, so that it stops nobody else.
    """
    return _holidays(calendar, day.year, locale).get(day)


@lru_cache(maxsize=_YEARS_KEPT)
def _holidays(calendar: str, year: int, locale: Locale) -> Mapping[date, str]:
    if calendar_named(calendar) is None:
        log.warning("the calendar of holidays %r is not known any more; no day is left out", calendar)
        return {}
    import holidays  # noqa: PLC0415

    country, _, part = calendar.partition("-")
    spoken = getattr(holidays, country).supported_languages
    wanted = (language.format(country=country) for language in _LANGUAGES[locale])
    # Without a language, that of the environment would be taken; one that the calendar has not leaves it its own.
    language = next((each for each in wanted if each in spoken), "en_US")
    days = holidays.country_holidays(country, subdiv=part or None, years=year, language=language)
    return {day: str(name) for day, name in days.items() if day.year == year}
