"""What a channel is told that asks where its digests are: what is kept for it, what one covers, and who is to look."""

from dataclasses import replace
from datetime import timedelta

import pytest
from library import CHANNEL, MONDAY, SCREENINGS_2021, STATEMENT_2022, Desk, Recorder, add_statement_of_2022

from bot.digests.schedule import MOST_SLOTS
from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import DeliveryState, Posted, Refused, SubscriptionState, TryLater, Unsure
from bot.domain.text import Locale
from bot.ports import Claim, Settlement

NINE = MONDAY + timedelta(hours=1)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST_RUN = "Mon 23 November 2026 09:00 Asia/Hong_Kong"
GONE = Refused("not_in_channel", gone=True)


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """A channel that is owed a digest of two facts at nine."""
    desk.say("subscribe")
    add_statement_of_2022(desk)
    desk.now = NINE + 2 * MINUTE
    return desk


def add_another(desk: Desk) -> None:
    """Add a statement with one fact."""
    said = STATEMENT_2022 | {"date": "21 July 2022", "link": "https://www.news.gov.hk/another.html"}
    fact = desk.next_form(desk.form("add"), "next", **said)
    values = SCREENINGS_2021 | {"period": "2020", "value": "around 5 500", "change": ""}
    values["text"] = "The HKSAR Government said that around 5,500 initial screenings were conducted in 2020."
    desk.finish(desk.next_form(fact, "review", **values), "confirm")


def claims(desk: Desk) -> list[Claim]:
    (lane,) = desk.store.lanes(desk.now, [CHANNEL.platform])
    return list(desk.store.claim(desk.now, timedelta(minutes=2), lane, 9, "this"))


@pytest.mark.parametrize(
    ("attempt", "told"),
    [
        (GONE, "It is kept until the subscription is resumed (tipfacts is not in the channel"),
        (TryLater(timedelta(hours=3), "ratelimited"), "It waits (the platform asks to wait"),
    ],
)
async def test_what_is_kept_is_counted_and_shown_with_the_run_it_belongs_to(
    owing: Desk, attempt: Refused | TryLater, told: str
) -> None:
    await owing.tick(Recorder([attempt]), NINE)
    why, preview = owing.text("digest why"), owing.text("digest preview")
    assert f"2 facts are waiting since the run of {FIRST_RUN}." in why
    assert "Nothing new is waiting" not in why + preview
    assert f"Run of {FIRST_RUN}: {told}" in preview
    assert "7,700" in preview
    add_another(owing)
    assert f"3 facts are waiting since the run of {FIRST_RUN}." in owing.text("digest why")
    assert "7,700" in owing.text("digest preview")
    assert "5,500" in owing.text("digest preview")


def test_what_is_owed_or_just_being_posted_is_counted_and_shown(owing: Desk) -> None:
    owing.store.enqueue_due(NINE, lambda _: NINE + DAY, 9)
    for take in (claims, lambda _: None):
        assert f"2 facts are waiting since the run of {FIRST_RUN}." in owing.text("digest why")
        assert "It is owed and about to be posted." in owing.text("digest preview")
        assert "7,700" in owing.text("digest preview")
        take(owing)


async def test_where_nothing_is_left_of_what_was_kept_that_is_said(owing: Desk) -> None:
    await owing.tick(Recorder([GONE]), NINE)
    owing.finish(owing.form("withdraw S4"), "confirm", reason="published in error")
    line = f"Nothing is left to say of what waited since the run of {FIRST_RUN}."
    assert line in owing.text("digest why")
    assert line in owing.text("digest preview")


async def test_what_may_have_been_posted_is_not_counted_again(owing: Desk) -> None:
    await owing.tick(Recorder([Unsure("Slack did not reply")]), NINE)
    why = owing.text("digest why")
    assert "It may or may not have been posted (no reply came in time); it is looked for" in why
    assert "Nothing new is waiting for it." in why


async def test_a_digest_after_an_outage_says_how_many_runs_it_covers(owing: Desk) -> None:
    late = NINE + 2 * DAY + timedelta(hours=2)
    owing.now = late + MINUTE
    await owing.tick(Recorder(), late)
    why = owing.text("digest why")
    assert f"Last run: {FIRST_RUN}. It was posted at Wed 25 November 2026 11:00 Asia/Hong_Kong." in why
    assert f"The digest covers 3 runs, since {FIRST_RUN}." in why
    owing.say("subscribe daily at 10:00")  # by which nobody can count them any more
    assert "The digest covers" not in owing.text("digest why")
    owing.say("subscribe")
    add_another(owing)
    await owing.tick(Recorder(), NINE + 3 * DAY)
    owing.now = NINE + 3 * DAY + MINUTE
    assert "The digest covers" not in owing.text("digest why")


async def test_a_digest_that_took_up_earlier_ones_says_so(owing: Desk) -> None:
    channel = Recorder([TryLater(timedelta(hours=30), "rate limit"), Posted("m2")])
    await owing.tick(channel, NINE)
    add_another(owing)
    owing.now = NINE + DAY + MINUTE
    await owing.tick(channel, NINE + DAY)
    assert f"The digest covers 2 runs, since {FIRST_RUN}." in owing.text("digest why")


async def test_a_digest_that_came_in_time_covers_its_own_run_and_that_is_not_said(owing: Desk) -> None:
    await owing.tick(Recorder(), NINE + MINUTE)
    assert "The digest covers" not in owing.text("digest why")


@pytest.mark.parametrize(("days", "runs"), [(0, 0), (1, 2), (3, 4), (9_000, MOST_SLOTS + 1)])
def test_where_no_process_looks_that_is_said_with_what_starts_one(owing: Desk, days: int, runs: int) -> None:
    owing.now = NINE + days * DAY + timedelta(hours=1)
    why = owing.text("digest why")
    assert f"A run was due at {FIRST_RUN}, but no process of tipfacts has looked since" in why
    assert "“python -m bot run”" in why
    assert "No run was due yet" not in why
    assert "Next run" not in why
    assert "2 facts are waiting for it." in why
    assert (f"{runs:,} runs were due since then; one digest will cover them." in why) is bool(runs)


def test_a_tick_that_is_a_little_late_is_no_trouble(owing: Desk) -> None:
    owing.now = NINE + 4 * MINUTE
    assert f"Next run: {FIRST_RUN}." in owing.text("digest why")
    owing.say("subscribe immediately")
    owing.now += 9 * DAY
    assert "no process" not in owing.text("digest why")


def test_a_subscription_that_is_paused_waits_for_no_process(owing: Desk) -> None:
    with owing.store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held
    owing.store.apply(SetSubscriptionState(held.id, SubscriptionState.PAUSED, "is_archived"), by="console", at=NINE)
    owing.now = NINE + DAY
    why = owing.text("digest why")
    assert "no process" not in why
    assert "The subscription is paused: the channel is archived." in why


async def test_in_chinese_nothing_of_it_is_english(owing: Desk) -> None:
    owing.locale = Locale.ZH_HANT
    await owing.tick(Recorder([TryLater(timedelta(hours=3), "internal_error")]), NINE)
    owing.now = NINE + 2 * DAY
    for line in ("摘要 原因", "摘要 預覽"):
        told = owing.text(line)
        assert "internal_error" not in told
        assert "run of" not in told
        assert "process" not in told


async def test_what_failed_long_ago_is_not_told_for_ever_but_what_may_be_lost_is(owing: Desk) -> None:
    owing.store.enqueue_due(NINE, lambda _: NINE + DAY, 9)
    (claim,) = claims(owing)
    owing.store.settle(claim, Settlement(DeliveryState.UNKNOWN, "missing_scope"), NINE)
    for days in range(1, 13):
        form = owing.form("correct F46")
        text = f"Around {7_700 + days} initial screenings were conducted in 2021."
        review = owing.next_form(form, "review", value=f"around {7_700 + days}", reason="recount", text=text)
        owing.finish(review, "confirm")
        await owing.tick(Recorder(), NINE + days * DAY)
    owing.now = NINE + 12 * DAY + MINUTE
    why, preview = owing.text("digest why"), owing.text("digest preview")
    assert f"Run of {FIRST_RUN}: It may or may not have been posted" in why
    assert f"The digest of {FIRST_RUN} may or may not stand in the channel." in preview
    again = replace(owing, now=owing.now + MINUTE)
    assert "is sent again within a minute" in again.text("digest resend")


async def test_what_is_owed_behind_one_that_is_looked_for_waits_for_that(owing: Desk) -> None:
    class Blind(Recorder):
        async def find(self, *_: object) -> str | None:
            raise LookupError("Slack cannot be reached")

    channel = Blind([Unsure("no reply in time")])
    await owing.tick(channel, NINE)
    add_another(owing)
    owing.now = NINE + DAY + MINUTE
    await owing.tick(channel, NINE + DAY)
    why = owing.text("digest why")
    assert (
        "Last run: Tue 24 November 2026 09:00 Asia/Hong_Kong. It waits until it is known what became of the run" in why
    )
    assert "about to be posted" not in why
