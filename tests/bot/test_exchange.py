"""What crosses the seam."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.people import Actor, Address, Platform
from bot.messages.exchange import Request


@pytest.mark.parametrize(
    ("received_at", "today"),
    [
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_today_begins_at_midnight_in_hong_kong(received_at: datetime, today: date) -> None:
    actor, address = Actor(Platform.SLACK, "T1", "U1", "Ann"), Address(Platform.SLACK, "T1", "C1")
    assert Request("add", actor, address, received_at).today == today
