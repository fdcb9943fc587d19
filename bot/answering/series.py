"""A topic's figures over time: what one speaker stated for several periods, what is missing, and what we computed."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.domain.facts import Fact, Qualifier
from bot.domain.period import Period
from bot.domain.text import Locale
from bot.wording.wording import Wording

_FEW = 100
_COMPUTABLE = (Qualifier.EXACT, Qualifier.ABOUT)


def series(lead: Fact, on_topic: Sequence[Fact]) -> list[Fact]:
    """Return the facts that state the same measure as `lead` by the same speaker, oldest period first."""
    like = [fact for fact in on_topic if _same_measure(lead, fact)]
    return sorted(like, key=lambda fact: (fact.period.start if fact.period else fact.statement.said_on, fact.id))


def series_text(lead: Fact, on_topic: Sequence[Fact], wording: Wording) -> str:
    """Return the figures over time in words, or "" where only one period is held."""
    by_period = [list(facts) for _, facts in groupby(series(lead, on_topic), key=lambda fact: fact.period)]
    if len(by_period) < 2:  # noqa: PLR2004 (a history needs two)
        return ""
    points = " → ".join(_point(facts, wording) for facts in by_period)
    gaps = wording.join(_gaps(on_topic, by_period[0][0], by_period[-1][0], wording))
    text = (
        wording.say("Over time: {points}; {years} not held.", points=points, years=gaps)
        if gaps
        else wording.say("Over time: {points}.", points=points)
    )
    computed = _computed(by_period[-2], by_period[-1], wording)
    return f"{text} {computed}" if computed else text


def _same_measure(lead: Fact, fact: Fact) -> bool:
    """Whether two figures may stand in one line: same speaker, same named unit, periods of the same length."""
    return (
        isinstance(lead.value, int | float)
        and isinstance(fact.value, int | float)
        and fact.statement.speaker.key == lead.statement.speaker.key
        and _same_unit(lead, fact)
        and _length(fact) == _length(lead) != 0
    )


def _same_unit(lead: Fact, fact: Fact) -> bool:
    if lead.unit is None or fact.unit is None:
        return False
    pairs = ((lead.unit.en, fact.unit.en), (lead.unit.zh_hant, fact.unit.zh_hant))
    return any(one and other and one.casefold().strip() == other.casefold().strip() for one, other in pairs)


def _length(fact: Fact) -> int:
    """Return how finely a period is written: years only compare with years. 0 where it cannot be compared."""
    return len(fact.period.iso) if fact.period and not fact.period.is_interval else 0


def _point(facts: Sequence[Fact], wording: Wording) -> str:
    """Return a period's figure; where it was stated more than once, each, since none may stand for the others."""
    period = facts[0].period
    figures = " / ".join(dict.fromkeys(wording.figure(fact) for fact in facts))
    return wording.say("{figure} ({period})", figure=figures, period=wording.period(period) if period else "")


def _gaps(on_topic: Sequence[Fact], first: Fact, last: Fact, wording: Wording) -> Iterator[str]:
    """Return the years between first and last for which nobody's figure is held, runs of years as one."""
    held = {fact.period.start.year for fact in on_topic if fact.period and isinstance(fact.value, int | float)}
    years = range(_year(first) + 1, _year(last))
    for is_gap, run in groupby(years, key=lambda year: year not in held):
        if is_gap:
            missing = list(run)
            one = wording.period(Period(f"{missing[0]:04d}"))
            many = wording.period(Period(f"{missing[0]:04d}/{missing[-1]:04d}"))
            yield one if len(missing) == 1 else many


def _year(fact: Fact) -> int:
    return fact.period.start.year if fact.period else fact.statement.said_on.year


def _computed(before: Sequence[Fact], after: Sequence[Fact], wording: Wording) -> str:
    """Return the change between two stated figures, marked as ours.

    "" where it would mean nothing: a bound ("over 50"), a percentage, or a period with two figures.
    """
    if len(before) > 1 or len(after) > 1:
        return ""
    old, new = before[0], after[0]
    if not (isinstance(old.value, int | float) and isinstance(new.value, int | float)) or old.value <= 0:
        return ""
    if {old.qualifier, new.qualifier} - set(_COMPUTABLE) or is_share(new) or not (old.period and new.period):
        return ""
    difference = new.value - old.value
    is_few = max(old.value, new.value) < _FEW  # "from one to three" is no news of 200 %
    change = f"{difference:+g}" if is_few else f"{round(100 * difference / old.value):+d}%"
    return wording.say(
        "From {before} to {after}: {percent} (computed, not stated).",
        before=wording.period(old.period),
        after=wording.period(new.period),
        percent=change.replace("-", "−"),
    )


def is_share(fact: Fact) -> bool:
    """Whether the fact's value is a percentage."""
    return fact.unit is not None and fact.unit.show(Locale.EN).startswith("%")
