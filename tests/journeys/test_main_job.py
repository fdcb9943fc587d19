"""The main job on real input: a subscription, a statement added by an editor, and the digest that carries it once."""

from datetime import timedelta

from library import MONDAY, Desk, Recorder, add_statement_of_2022

from bot.messages.exchange import Kind
from bot.messages.plain import plain_text

NINE_IN_HONG_KONG = MONDAY + timedelta(hours=1)
A_DAY = timedelta(days=1)


async def test_a_statement_added_today_is_in_tomorrows_digest_once(desk: Desk) -> None:
    assert "next: Mon 23 November 2026 09:00 Asia/Hong_Kong" in desk.text("subscribe daily at 09:00")
    added = add_statement_of_2022(desk)
    assert added.kind is Kind.DONE
    assert "S4" in plain_text(added.document)

    screenings = desk.text("screenings")
    assert "approximately 7,700 (2021) → approximately 11,000 (2023); 2022 not held" in screenings
    assert "+43% (computed, not stated)" in screenings

    channel = Recorder()
    before = await desk.tick(channel, NINE_IN_HONG_KONG - timedelta(minutes=1))
    assert (before.due, channel.posted) == (0, [])
    await desk.tick(channel, NINE_IN_HONG_KONG)
    assert len(channel.posted) == 1
    for part in ("7,700", "one victim", "HKSAR Government, 20 July 2022", "https://www.news.gov.hk/", "unsubscribe"):
        assert part in channel.texts[0], part
    assert "11,000" not in channel.texts[0]

    for later in (timedelta(0), timedelta(minutes=1), A_DAY, 2 * A_DAY):
        await desk.tick(channel, NINE_IN_HONG_KONG + later)
    assert len(channel.posted) == 1
    assert "Nothing was new" in desk.text("digest why")


async def test_a_statement_withdrawn_before_the_tick_is_not_posted_and_why_says_so(desk: Desk) -> None:
    desk.say("subscribe")
    add_statement_of_2022(desk)
    withdrawal = desk.form("withdraw S4 published in error")
    assert desk.finish(withdrawal, "confirm").kind is Kind.DONE
    channel = Recorder()
    await desk.tick(channel, NINE_IN_HONG_KONG)
    assert channel.posted == []
    desk.now = NINE_IN_HONG_KONG + timedelta(minutes=5)
    why = desk.text("digest why")
    assert "withdrawn before sending" in why
    assert "Next run: Tue 24 November 2026 09:00 Asia/Hong_Kong" in why


async def test_a_correction_tells_the_channel_what_was_and_what_is(desk: Desk) -> None:
    desk.say("subscribe screenings")
    edit = desk.form("correct F12")
    review = desk.next_form(edit, "review", value="about 11,200", reason="the outlet corrected it")
    assert desk.finish(review, "confirm").kind is Kind.DONE
    channel = Recorder()
    await desk.tick(channel, NINE_IN_HONG_KONG)
    assert "was approximately 11,000 initial screenings (2023), is approximately 11,200" in channel.texts[0]
    assert "Version 2: corrected: the outlet corrected it" in desk.text("history F12")


async def test_a_change_of_wording_is_no_news(desk: Desk) -> None:
    desk.say("subscribe")
    edit = desk.form("correct F12")
    review = desk.next_form(
        edit, "review", text="About 11,000 initial screenings, the Government said.", reason="style"
    )
    assert "no channel hears of it" in plain_text(desk.finish(review, "confirm").document)
    channel = Recorder()
    await desk.tick(channel, NINE_IN_HONG_KONG)
    assert channel.posted == []


async def test_a_subscription_to_one_topic_hears_of_that_topic_only(desk: Desk) -> None:
    desk.say("subscribe victims")
    add_statement_of_2022(desk)
    channel = Recorder()
    await desk.tick(channel, NINE_IN_HONG_KONG)
    assert "one victim" in channel.texts[0]
    assert "7,700" not in channel.texts[0]


async def test_a_night_without_the_process_ends_in_one_digest(desk: Desk) -> None:
    desk.say("subscribe")
    add_statement_of_2022(desk)
    channel = Recorder()
    await desk.tick(channel, NINE_IN_HONG_KONG + 5 * A_DAY)
    assert len(channel.posted) == 1


async def test_nobody_hears_after_unsubscribing(desk: Desk) -> None:
    desk.say("subscribe")
    add_statement_of_2022(desk)
    assert desk.say("unsubscribe").kind is Kind.DONE
    channel = Recorder()
    await desk.tick(channel, NINE_IN_HONG_KONG)
    assert channel.posted == []
