"""A topic's figures over time: what one speaker stated for several periods, what is missing, and what we computed."""

from collections.abc import Sequence

from bot.domain.facts import Fact, Qualifier
from bot.domain.text import Locale
from bot.wording.wording import Wording

MAX_GAPS = 5
_COMPUTABLE = (Qualifier.EXACT, Qualifier.ABOUT)


def series(lead: Fact, on_topic: Sequence[Fact]) -> list[Fact]:
    """Return the facts that state the same measure as `lead` by the same speaker, one a period, oldest first."""
    like = [fact for fact in on_topic if _same_measure(lead, fact)]
    by_period = {fact.period.iso: fact for fact in sorted(like, key=_said_last) if fact.period}
    return sorted(by_period.values(), key=lambda fact: fact.period.start if fact.period else fact.statement.said_on)


def series_text(lead: Fact, on_topic: Sequence[Fact], wording: Wording) -> str:
    """Return the figures over time in words, or "" where only one period is held."""
    held = series(lead, on_topic)
    if len(held) < 2:  # noqa: PLR2004 (a history needs two)
        return ""
    points = " → ".join(_point(fact, wording) for fact in held)
    gaps = wording.join(str(year) for year in _gaps(held))
    text = (
        wording.say("Over time: {points}; {years} not held.", points=points, years=gaps)
        if gaps
        else wording.say("Over time: {points}.", points=points)
    )
    computed = _computed(held[-2], held[-1], wording)
    return f"{text} {computed}" if computed else text


def _same_measure(lead: Fact, fact: Fact) -> bool:
    return (
        isinstance(lead.value, int | float)
        and isinstance(fact.value, int | float)
        and fact.period is not None
        and not fact.period.is_interval
        and fact.statement.speaker.key == lead.statement.speaker.key
        and _unit(fact) == _unit(lead)
    )


def _unit(fact: Fact) -> str:
    return fact.unit.show(Locale.EN).casefold().strip() if fact.unit else ""


def _said_last(fact: Fact) -> tuple[int, int]:
    return fact.statement.said_on.toordinal(), fact.id


def _point(fact: Fact, wording: Wording) -> str:
    period = wording.period(fact.period) if fact.period else ""
    return wording.say("{figure} ({period})", figure=wording.figure(fact), period=period)


def _gaps(held: Sequence[Fact]) -> list[int]:
    years = {fact.period.start.year for fact in held if fact.period}
    return [year for year in range(min(years), max(years)) if year not in years][-MAX_GAPS:]


def _computed(before: Fact, after: Fact, wording: Wording) -> str:
    """Return the change between two stated figures, marked as ours; "" where a bound ("over 50") makes it unsafe."""
    if before.qualifier not in _COMPUTABLE or after.qualifier not in _COMPUTABLE:
        return ""
    if not isinstance(before.value, int | float) or not isinstance(after.value, int | float) or before.value <= 0:
        return ""
    if not (before.period and after.period):
        return ""
    percent = round(100 * (after.value - before.value) / before.value)
    return wording.say(
        "From {before} to {after}: {percent} (computed, not stated).",
        before=wording.period(before.period),
        after=wording.period(after.period),
        percent=f"{percent:+d}%",
    )
