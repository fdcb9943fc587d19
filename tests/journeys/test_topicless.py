"""Facts that have no topic yet: how they are added, placed, and told of."""

from datetime import timedelta

from library import MONDAY, SCREENINGS_2021, STATEMENT_2022, Desk, Recorder

from bot.domain.facts import Fact
from bot.messages.exchange import Kind
from bot.messages.plain import plain_text

NINE = MONDAY + timedelta(hours=1)
UNPLACED = SCREENINGS_2021 | {"topic": ""}


def add_unplaced(desk: Desk) -> Fact:
    """Add the figure of 2021 without a topic, as F46."""
    review = desk.next_form(desk.next_form(desk.form("add"), "next", **STATEMENT_2022), "review", **UNPLACED)
    assert review.document is not None
    assert "Topic: no topic" in plain_text(review.document)
    assert desk.finish(review, "confirm").kind is Kind.DONE
    return held(desk)


def held(desk: Desk) -> Fact:
    with desk.store.read() as library:
        fact = library.fact(46)
    assert fact is not None
    return fact


def test_a_fact_is_added_without_a_topic_and_the_form_says_what_that_means(desk: Desk) -> None:
    form = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    topic = form.fields[0]
    assert (topic.name, topic.required) == ("topic", False)
    assert "left empty, it answers only questions in its very words" in topic.hint
    assert add_unplaced(desk).topic is None


def test_a_topic_that_nobody_knows_is_still_refused(desk: Desk) -> None:
    form = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    assert set(desk.refused(form, "review", **SCREENINGS_2021 | {"topic": "weather"}).errors) == {"topic"}


def test_a_correction_places_it_and_takes_it_out_again(desk: Desk) -> None:
    add_unplaced(desk)
    form = desk.form("correct F46")
    assert form.fields[0].value == ""
    review = desk.next_form(form, "review", topic="screenings", reason="placed")
    assert review.document is not None
    assert "Topic: no topic" in plain_text(review.document)
    assert "Topic: Initial screenings" in plain_text(review.document)
    assert "hear of it" in plain_text(desk.finish(review, "confirm").document)
    assert (placed := held(desk).topic) is not None
    assert placed.key == "screenings"
    review = desk.next_form(desk.form("correct F46"), "review", topic="", reason="not so sure")
    desk.finish(review, "confirm")
    assert held(desk).topic is None


def test_a_correction_that_leaves_it_without_a_topic_is_none(desk: Desk) -> None:
    add_unplaced(desk)
    refused = desk.refused(desk.form("correct F46"), "review", reason="none")
    assert refused.errors == {"": "Nothing differs from what is held."}


async def test_a_digest_of_everything_tells_of_it_by_who_said_it(desk: Desk) -> None:
    desk.say("subscribe")
    add_unplaced(desk)
    channel = Recorder()
    await desk.tick(channel, NINE)
    assert "around 7,700 initial screenings" in channel.texts[0]
    desk.finish(desk.next_form(desk.form("correct F46"), "review", value="around 7 800", reason="typo"), "confirm")
    await desk.tick(channel, NINE + timedelta(days=1))
    assert "HKSAR Government, 20 July 2022: was approximately 7,700" in channel.texts[1]


async def test_a_digest_of_topics_does_not(desk: Desk) -> None:
    desk.say("subscribe screenings")
    add_unplaced(desk)
    channel = Recorder()
    await desk.tick(channel, NINE)
    assert channel.posted == []
