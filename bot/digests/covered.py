"""How many runs a digest stands for: after an outage or a pause, one comes for all that were missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digests.schedule import MOST_SLOTS, next_due, slots_between
from bot.domain.digests import Delivery
from bot.ports import Library
from bot.wording.wording import Wording

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Covered:
    """So many runs, the first of them at `since`."""

    runs: int
    since: datetime


def covered_by(delivery: Delivery, library: Library, now: datetime) -> Covered:
    """Return for which runs a delivery stands: those that had passed when it was owed, and those before that could not
    be posted in time.
    """
    merged = library.merged_into(delivery)
    first = merged[-1] if merged else delivery.slot
    passed = 0
    if _passed(delivery, first, now):
        passed = _passed(delivery, first, next((step.at for step in library.transitions(delivery.id)), delivery.slot))
    return Covered(1 + max(passed, len(merged)), first)


def _passed(delivery: Delivery, first: datetime, upto: datetime) -> int:
    """Return how many slots passed after the first; 0 where the schedule is another since."""
    schedule = delivery.subscription.schedule
    return slots_between(schedule, first, upto) if next_due(schedule, first - _MOMENT) == first else 0


def covered_text(covered: Covered, zone: str, words: Wording) -> str:
    """Return it in a sentence about a digest."""
    time = words.moment(covered.since, zone)
    if covered.runs > MOST_SLOTS:
        most = words.number(MOST_SLOTS)
        return words.say("The digest covers more than {count} runs, since {time}.", count=most, time=time)
    return words.say_many(
        "The digest covers {count} run, since {time}.",
        "The digest covers {count} runs, since {time}.",
        covered.runs,
        time=time,
    )
