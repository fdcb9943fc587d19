"""What a person types, and what sort of reply about which topic comes back."""

from collections.abc import Iterator

import pytest
from library import CONSOLE, Desk
from seeded import seeded

from bot.messages.exchange import Kind, Message
from bot.messages.plain import plain_text

LONG = "screenings " * 455


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An admin at a console that holds the seeds, for all of this module: nothing here changes the library."""
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('inputs') / 'tipfacts.db'}", CONSOLE) as opened:
        yield opened


def topic_of(reply: Message) -> str | None:
    """The key of the topic of the first fact that is shown, None where none is."""
    topic = reply.document.facts[0].topic if reply.document.facts else None
    return topic.key if topic else None


@pytest.mark.parametrize(
    ("typed", "kind", "topic"),
    [
        ("/tipfacts screenings", Kind.ANSWER, "screenings"),
        ("screenings", Kind.ANSWER, "screenings"),
        ("Screenings?", Kind.ANSWER, "screenings"),
        ("“screenings”", Kind.ANSWER, "screenings"),
        ("ＳＣＲＥＥＮＩＮＧＳ", Kind.ANSWER, "screenings"),
        ("find screenings", Kind.ANSWER, "screenings"),
        ("how many screenings were there in 2023?", Kind.ANSWER, "screenings"),
        ("screenings 2023", Kind.ANSWER, "screenings"),
        ("screenings in 2019", Kind.ABSTENTION, None),
        ("甄別", Kind.ANSWER, "screenings"),
        ("甄別 審核", Kind.ANSWER, "screenings"),
        ("tier", Kind.ANSWER, "tier"),
        ("how many victims were found?", Kind.ANSWER, "victims"),
        ("什麼是FDH", Kind.ANSWER, "fdh"),
        ("what does TIP stand for?", Kind.ANSWER, "tip"),
        ("HKSAR", Kind.ANSWER, "hksar"),
        ("help", Kind.HELP, None),
        ("/tipfacts", Kind.HELP, None),
        ("", Kind.HELP, None),
        ("   \u200b ", Kind.HELP, None),
        (LONG, Kind.ERROR, None),
        ("🙂🙃", Kind.ABSTENTION, None),
        ('" OR 1=1 --', Kind.ABSTENTION, None),
        ("NEAR(", Kind.ABSTENTION, None),
        ("NOT(", Kind.ABSTENTION, None),
        ("*", Kind.ABSTENTION, None),
        ("\x00\ud800", Kind.ABSTENTION, None),
        ("how many screenings were there in 2019?", Kind.ABSTENTION, None),
        ("how many victims did Vietnam identify?", Kind.ABSTENTION, None),
        ("Does Malaysia let agencies keep passports?", Kind.ABSTENTION, None),
        ("what tier is the United States on?", Kind.ABSTENTION, None),
        ("tier U.S.", Kind.ABSTENTION, None),
        ("美國係第幾級", Kind.ABSTENTION, None),
        ("which tier did the US report put Hong Kong in?", Kind.ANSWER, "tier"),
        ("美國報告將香港列入第幾級", Kind.ANSWER, "tier"),
        ("新加坡有沒有反人口販運法？", Kind.ABSTENTION, None),
        ("How many victims did Taiwan identify in 2023?", Kind.ABSTENTION, None),
        ("tell me a joke", Kind.ABSTENTION, None),
        ("history of the world", Kind.ERROR, None),
        ("check F9999", Kind.ERROR, None),
        ("withdraw", Kind.ERROR, None),
    ],
)
def test_what_is_typed_gets_the_right_sort_of_reply(desk: Desk, typed: str, kind: Kind, topic: str | None) -> None:
    reply = desk.say(typed)
    assert reply.kind is kind
    assert topic_of(reply) == topic


@pytest.mark.parametrize(
    "typed",
    [
        "What is America's tier?",
        "一年前有幾多甄別",
        "Did screening rise by 4.05%?",
    ],
)
def test_what_no_fact_says_is_not_answered_though_the_words_fit(desk: Desk, typed: str) -> None:
    assert topic_of(desk.say(typed)) is None


@pytest.mark.parametrize(
    "question", ["What was Washington's reaction to the report?", "what was the US's reaction to the allegations?"]
)
def test_what_one_party_said_is_no_answer_to_what_another_did(desk: Desk, question: str) -> None:
    facts = desk.say(question).document.facts
    assert not facts or facts[0].statement.speaker.key == "usdos"


def test_a_line_too_long_is_told_the_limit(desk: Desk) -> None:
    assert "5,005" in desk.text(LONG)
    assert "1,000" in desk.text(LONG)


def test_an_answer_names_who_when_and_where(desk: Desk) -> None:
    text = desk.text("screenings")
    for part in (
        "approximately 11,000 initial screenings",
        "2023",
        "HKSAR Government",
        "25 June 2024",
        "Dimsum Daily",
        "https://www.dimsumdaily.hk/",
        "paraphrased",
        "current",
        "No text of HKSAR Government itself is held",
    ):
        assert part in text, part


def test_the_tier_shows_both_sides_each_with_its_speaker(desk: Desk) -> None:
    reply = desk.say("tier")
    claim, rejection = reply.document.facts[:2]
    assert claim.statement.speaker.key == "usdos"
    assert rejection.statement.speaker.key == "hksar"
    text = plain_text(reply.document)
    assert "Disputed: HKSAR Government rejects this" in text
    assert "No text of U.S. Department of State itself is held" in text


def test_a_quotation_is_shown_as_quoted_by_the_outlet_in_its_own_language(desk: Desk) -> None:
    text = desk.text("香港政府對報告有什麼回應")
    assert "Dimsum Daily" in text
    quoted = desk.text("check F2")
    assert "as quoted by Dimsum Daily" in quoted
    assert "“" in quoted


def test_a_chinese_line_is_answered_in_chinese(desk: Desk) -> None:
    text = desk.text("甄別")
    assert "約11,000次初步識別審核" in text.replace(" ", "")
    assert "香港特別行政區政府" in text


def test_an_abstention_says_what_is_held_and_gives_no_figure(desk: Desk) -> None:
    text = desk.text("how many screenings were there in 2019?")
    assert "2019: nothing held. Initial screenings is held for 2023." in text
    assert "11,000" not in text


def test_a_slip_of_the_finger_is_read_as_it_was_meant_and_the_answer_says_so(desk: Desk) -> None:
    reply = desk.say("screenngs")
    assert (reply.kind, topic_of(reply)) == (Kind.ANSWER, "screenings")
    assert "I read “screenngs” as “screenings”." in plain_text(reply.document)


def test_a_name_too_mangled_to_be_read_is_offered_the_nearest_topic(desk: Desk) -> None:
    reply = desk.say("scrngs")
    assert reply.kind is Kind.ABSTENTION
    assert reply.document.choices[0].query == "Initial screenings"


def test_every_topic_answers_to_its_labels_and_aliases(desk: Desk) -> None:
    with desk.store.read() as library:
        topics = library.topics()
    assert len(topics) >= 25
    for topic in topics:
        for name in (topic.label.en, topic.label.zh_hant, *topic.aliases):
            reply = desk.say(name or "")
            assert reply.kind is Kind.ANSWER, name
            assert topic_of(reply) == topic.key, name
