"""The period a fact is about, in ISO 8601 notation."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
OPEN = ".."


@dataclass(frozen=True, slots=True)
class Period:
    """A year (2023), month (2024-05), day (2024-06-25) or interval (2018/2019, 2019/.. for "since", ../2019).

    Raises ValueError when the notation is none of these, a date does not exist, or an interval ends before it starts.
    """

    iso: str

    def __post_init__(self) -> None:
        if self.iso.count("/") > 1 or self.iso.split("/") == [OPEN, OPEN]:
            raise ValueError(_refusal(self.iso))
        if self.start > self.end:
            raise ValueError(f"the period {self.iso!r} ends before it starts")

    @property
    def is_interval(self) -> bool:
        """Whether the period is written with two ends."""
        return "/" in self.iso

    @property
    def ends(self) -> tuple[str, str]:
        """Return the two ends as written; a single date is both."""
        first, slash, last = self.iso.partition("/")
        return first, last if slash else first

    @property
    def start(self) -> date:
        """The first day, or date.min when the interval is open."""
        first = self.ends[0]
        return date.min if first == OPEN and self.is_interval else _span(first, self.iso)[0]

    @property
    def end(self) -> date:
        """The last day, or date.max when the interval is open."""
        last = self.ends[1]
        return date.max if last == OPEN and self.is_interval else _span(last, self.iso)[1]

    @property
    def newest(self) -> date:
        """The day a period is sorted by: its last. "Since 2019" has none and is as new as its first."""
        return self.start if self.ends[1] == OPEN else self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether the two periods share a day."""
        return self.start <= other.end and other.start <= self.end


def _span(text: str, whole: str) -> tuple[date, date]:
    match = _DAY.fullmatch(text)
    if not match:
        raise ValueError(_refusal(whole))
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if month is not None and day is not None:
            return date(year or 0, month, day), date(year or 0, month, day)
        if month is not None:
            year = year or 0
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year or 0, 1, 1), date(year or 0, 12, 31)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError(f"the period {whole!r} names a date that does not exist") from error


def _refusal(text: str) -> str:
    return f"{text!r} is not a period: write 2023, 2024-05, 2024-06-25, 2018/2019 or 2019/.."
