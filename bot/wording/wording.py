"""Wording: every sentence tipfacts says, in the reader's language, from one catalogue.

Sentences are written in English in the code, marked by `say`, `say_many` or `marked`; their Traditional Chinese stands
in `locale/zh_Hant/LC_MESSAGES/tipfacts.po`. Quotations and other text from the store never pass through here.
"""

import gettext
from collections.abc import Iterable
from datetime import date as Date  # noqa: N812 (`date` is what Wording words a date with)
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.answering.terms import contains_han
from bot.domain.digests import Rhythm, Schedule
from bot.domain.facts import Assertion, Change, ChangeKind, Qualifier, Standing, Statement, Voice
from bot.domain.people import Role
from bot.domain.period import OPEN, Period
from bot.domain.text import Locale
from bot.domain.zones import offset_at, shown_zone, zone_named

LOCALE_FOLDER = Path(__file__).parent / "locale"
DOMAIN = "tipfacts"
_BABEL = {Locale.EN: "en", Locale.ZH_HANT: "zh_Hant"}
_YEAR, _MONTH = len("2023"), len("2023-05")
# Behind these nothing is made one: "1 million dollars", "1 tonne of goods".
_UNTOUCHED = ("hundred", "thousand", "million", "billion", "trillion", "of", "in", "per", "for", "from")
_ONE = {"people": "person", "men": "man", "women": "woman", "children": "child", "series": "series"}
_PLURALS = (
    *((end, end) for end in ("ss", "us", "is")),  # no plural
    ("ies", "y"),
    *((f"{end}es", end) for end in ("ch", "sh", "ss", "x")),
    ("s", ""),
)


def marked(text: str) -> str:
    """Return the text as it is; marks it for the catalogue where it is worded later."""
    return text


class Wording:
    """Says things in one language."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale
        self._catalogue = _catalogue(locale)

    def say(self, text: str, /, **parts: object) -> str:
        """Return the sentence in this language with its {named} parts filled in."""
        return self._catalogue.gettext(text).format(**parts)

    def say_many(self, one: str, many: str, count: int, /, **parts: object) -> str:
        """Return the sentence that fits the count; {count} is filled in as a number of this language."""
        return self._catalogue.ngettext(one, many, count).format(count=self.number(count), **parts)

    def number(self, value: float) -> str:
        """Return a number as this language writes it: 11,000."""
        from babel.numbers import format_decimal  # noqa: PLC0415 (locale data is loaded on first use)

        return str(format_decimal(value, locale=_BABEL[self.locale], decimal_quantization=False))

    def date(self, day: Date) -> str:
        """Return a date in full: 25 June 2024, 2024年6月25日."""
        return self._format_date(day, {Locale.EN: "d MMMM y", Locale.ZH_HANT: "y年M月d日"})

    def moment(self, instant: datetime, zone: str) -> str:
        """Return an instant in full, in the zone and with its name: Mon 23 November 2026 09:00 Asia/Hong_Kong."""
        local = instant.astimezone(zone_named(zone))
        patterns = {Locale.EN: "EEE d MMMM y", Locale.ZH_HANT: "y年M月d日（EEEE）"}
        return f"{self._format_date(local.date(), patterns)} {local:%H:%M} {shown_zone(zone)}"

    def period(self, period: Period) -> str:
        """Return a period in words: 2023, May 2024, since 2019, 2018 to 2019."""
        first, last = period.ends
        if first == last:
            return self._end(first)
        if last == OPEN:
            return self.say("since {start}", start=self._end(first))
        if first == OPEN:
            return self.say("until {end}", end=self._end(last))
        return self.say("{start} to {end}", start=self._end(first), end=self._end(last))

    def join(self, items: Iterable[str]) -> str:
        """Return the items parted as this language parts a list."""
        return ("、" if self.locale is Locale.ZH_HANT else ", ").join(items)

    def labelled(self, text: str, held_in: Locale) -> str:
        """Return a text with a label when it is held in the other language only."""
        if held_in is self.locale:
            return text
        label = self.say("[held in English only]") if held_in is Locale.EN else self.say("[held in Chinese only]")
        return f"{text} {label}"

    def value(self, fact: Assertion) -> str:
        """Return the headline value: approximately 11,000 initial screenings. Empty where no value was stated."""
        if fact.value is None:
            return ""
        if not isinstance(fact.value, int | float):
            return self.labelled(*fact.value.best(self.locale))
        unit = fact.unit.show(self.locale) if fact.unit else ""
        return self._qualified(fact.qualifier, self._measure(fact.value, unit))

    def figure(self, fact: Assertion) -> str:
        """Return the value without its unit, as history lists it: approximately 11,000."""
        if isinstance(fact.value, int | float):
            return self._qualified(fact.qualifier, self.number(fact.value))
        return self.value(fact)

    def change(self, change: Change) -> str:
        """Return a stated change in words: +45 % against 2022."""
        against = self.period(change.against)
        if change.kind is ChangeKind.RATIO:
            return self.say("{value} times that of {period}", value=self.number(change.value), period=against)
        sign = "+" if change.value > 0 else ""
        mark = "%" if change.kind is ChangeKind.PERCENT else ""
        figure = f"{sign}{self.number(change.value)}{mark}"
        return self.say("{figure} against {period}", figure=figure, period=against)

    def voice(self, voice: Voice, statement: Statement) -> str:
        """Return whose words these are, in words."""
        publisher = statement.source.publisher
        if voice is Voice.OUTLET:
            return self.say("{publisher}’s own description", publisher=publisher)
        if not statement.is_reported:
            quoted, paraphrased = self.say("quoted from its own text"), self.say("paraphrased from its own text")
            return quoted if voice is Voice.QUOTED else paraphrased
        if voice is Voice.QUOTED:
            return self.say("quoted by {publisher}", publisher=publisher)
        return self.say("paraphrased by {publisher}", publisher=publisher)

    def standing(self, standing: Standing) -> str:
        """Return a standing in words."""
        return {
            Standing.CURRENT: self.say("current"),
            Standing.SUPERSEDED: self.say("superseded"),
            Standing.CORRECTED: self.say("corrected since"),
            Standing.WITHDRAWN: self.say("withdrawn"),
        }[standing]

    def role(self, role: Role) -> str:
        """Return a role in words."""
        return {Role.READER: self.say("reader"), Role.EDITOR: self.say("editor"), Role.ADMIN: self.say("admin")}[role]

    def schedule(self, schedule: Schedule) -> str:
        """Return when digests come, in words and with the zone: daily at 09:00 Asia/Hong_Kong; on weekdays at 09:00
        Asia/Hong_Kong, except HK public holidays.
        """
        days = self._days(schedule)
        if schedule.holidays:
            return self.say("{days}, except {calendar} public holidays", days=days, calendar=schedule.holidays)
        if schedule.rhythm is Rhythm.WEEKDAYS:
            return self.say("{days}, public holidays too", days=days)
        return days

    def _days(self, schedule: Schedule) -> str:
        parts = {"time": f"{schedule.at:%H:%M}", "zone": shown_zone(schedule.zone)}
        match schedule.rhythm:
            case Rhythm.IMMEDIATELY:
                return self.say("immediately ({zone})", zone=parts["zone"])
            case Rhythm.DAILY:
                return self.say("daily at {time} {zone}", **parts)
            case Rhythm.WEEKDAYS:
                return self.say("on weekdays at {time} {zone}", **parts)
            case Rhythm.WEEKLY:
                return self.say("weekly on {day} at {time} {zone}", day=self.weekday(schedule.weekday or 0), **parts)

    def next_run(self, schedule: Schedule, due: datetime) -> str:
        """Return when the next digest comes: at an instant, or as soon as something is new."""
        if schedule.rhythm is Rhythm.IMMEDIATELY:
            return self.say("as soon as something is new")
        return self.moment(due, schedule.zone)

    def first_run(self, schedule: Schedule, due: datetime) -> str:
        """Return when the next digest comes, and how far its zone is ahead of UTC then: … Asia/Hong_Kong, UTC+8."""
        run, offset = self.next_run(schedule, due), offset_at(due, schedule.zone)
        if schedule.rhythm is Rhythm.IMMEDIATELY or offset == shown_zone(schedule.zone):
            return run
        return self.say("{run}, {offset}", run=run, offset=offset)

    def weekday(self, weekday: int) -> str:
        """Return the name of a weekday; Monday is 0."""
        monday = Date(2024, 1, 1)
        return self._format_date(monday.replace(day=1 + weekday), {Locale.EN: "EEEE", Locale.ZH_HANT: "EEEE"})

    def _measure(self, value: float, unit: str) -> str:
        number = self.number(value)
        if unit.startswith("%") or contains_han(unit):
            return f"{number}{unit}"
        return f"{number} {_singular(unit) if value == 1 else unit}".strip()

    def _qualified(self, qualifier: Qualifier, amount: str) -> str:
        match qualifier:
            case Qualifier.EXACT:
                return amount
            case Qualifier.ABOUT:
                return self.say("approximately {amount}", amount=amount)
            case Qualifier.OVER:
                return self.say("over {amount}", amount=amount)
            case Qualifier.UNDER:
                return self.say("nearly {amount}", amount=amount)

    def _end(self, text: str) -> str:
        if len(text) == _YEAR:
            return self.say("{year}", year=text)
        if len(text) == _MONTH:
            month = Date.fromisoformat(f"{text}-01")
            return self._format_date(month, {Locale.EN: "MMMM y", Locale.ZH_HANT: "y年M月"})
        return self.date(Date.fromisoformat(text))

    def _format_date(self, day: Date, patterns: dict[Locale, str]) -> str:
        from babel.dates import format_date  # noqa: PLC0415 (locale data is loaded on first use)

        return str(format_date(day, patterns[self.locale], locale=_BABEL[self.locale]))


def _singular(unit: str) -> str:
    """Return an English unit as it is said of one: victim identified. Its noun is the first word in the plural."""
    words = unit.split(" ")
    for at, word in enumerate(words):
        if word in _UNTOUCHED:
            return unit
        one = _ONE.get(word) or next((word[: -len(end)] + to for end, to in _PLURALS if word.endswith(end)), word)
        if one != word:
            return " ".join([*words[:at], one, *words[at + 1 :]])
    return unit


@cache
def wording(locale: Locale) -> Wording:
    """Return the wording of a language; one a process."""
    return Wording(locale)


def _catalogue(locale: Locale) -> gettext.NullTranslations:
    if locale is Locale.EN:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE_FOLDER, [_BABEL[locale]])
