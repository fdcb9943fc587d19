"""Why a question is answered as it is: shown to editors, given to scripts, and kept from nobody who may see it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from library import CONSOLE, Desk
from seeded import READER, seeded

from adapters.console.as_json import json_line
from bot.answering.vetoes import Veto
from bot.domain.people import Actor, Platform
from bot.messages.exchange import Kind, Message, Request
from bot.messages.plain import plain_text

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
EDITOR = Actor(Platform.SLACK, "T1", "U0EDITOR", "Editor")
HOW_MANY = "how many screenings were there in 2023?"
CROWDED = "how many screenngs were there last year in Japan, according to Washington?"


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An admin, who has named an editor."""
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('why') / 'tipfacts.db'}", CONSOLE) as opened:
        assert opened.say(f"grant {EDITOR.name} editor").kind is Kind.DONE
        yield opened


@pytest.fixture
def editor(admin: Desk) -> Desk:
    return replace(admin, actor=EDITOR)


@pytest.fixture
def reader(admin: Desk) -> Desk:
    return replace(admin, actor=READER)


def why(desk: Desk, question: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json_line(desk.say(question)))["why"]
    return read


def documented_fields() -> list[str]:
    table = OPERATIONS.read_text(encoding="utf-8").split("\n`why`:\n")[1].split("\nA fact:")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


@pytest.mark.parametrize("question", [HOW_MANY, "should visas be checked?", "zebra", "helpers", CROWDED])
def test_a_script_gets_every_documented_field_whatever_came_of_the_question(reader: Desk, question: str) -> None:
    assert len(documented_fields()) == 10
    assert sorted(why(reader, question)) == sorted(documented_fields())


def whys(message: Message) -> list[str]:
    """The lines that “Why this?” under an answer asks."""
    return [choice.query for choice in message.document.choices if choice.label == "Why this?"]


def test_why_is_asked_of_the_question_that_was_judged_and_not_of_the_one_before(editor: Desk) -> None:
    first = editor.say("screenings in 2023")
    assert whys(first) == ["trace screenings in 2023"]
    assert "Judged by F12" in editor.text(whys(first)[0])
    follow_up = Request("and in 2023?", editor.actor, editor.address, editor.now, context=first.context)
    answer = editor.bot.handle(follow_up)
    assert isinstance(answer, Message)
    assert (answer.kind, answer.document.facts[0].public_id) == (Kind.ANSWER, "F12")
    assert "going on from" in plain_text(answer.document)
    assert whys(answer) == []
    traced = editor.bot.handle(replace(follow_up, text="trace and in 2023?"))  # which says what it was read as
    assert isinstance(traced, Message)
    assert "Judged by F12" in plain_text(traced.document)


def test_the_fields_tell_how_an_answer_was_judged(reader: Desk) -> None:
    assert why(reader, HOW_MANY) == {
        "wanted": "count",
        "fact": "F12",
        "spelt": {},
        "times": [["2023", "2023"]],
        "places": [],
        "speakers": [],
        "covered": [["screenings", "fact"]],
        "may_stay_uncovered": "0",
        "vetoes": [[veto, True] for veto in ("time", "place", "value", "speaker", "role", "named")],
        "beyond": None,
    }


def test_the_fields_tell_how_a_question_was_read_and_what_ruled_the_nearest_fact_out(reader: Desk) -> None:
    found = why(reader, CROWDED)
    assert found["spelt"] == {"screenngs": "screenings"}
    assert found["times"] == [["last year", "2025"]]
    assert found["places"] == ["JP"]
    assert found["speakers"] == ["usdos"]
    assert found["fact"]
    assert ["japan", "nothing"] in found["covered"]
    assert {"time", "place", "speaker"} <= {veto for veto, passed in found["vetoes"] if not passed}


def test_the_fields_tell_what_makes_a_question_one_that_no_fact_answers(reader: Desk) -> None:
    found = why(reader, "should visas be checked?")
    assert (found["beyond"], found["fact"], found["covered"], found["vetoes"]) == ("opinion: should", None, [], [])
    assert why(reader, "你覺得簽證點樣？")["beyond"] == "opinion: 你覺得"


@pytest.mark.parametrize("line", ["screenings", "help", "check F1", "", "x" * 1001])
def test_where_nothing_was_judged_there_is_no_why(reader: Desk, line: str) -> None:
    assert json.loads(json_line(reader.say(line)))["why"] is None


@pytest.mark.parametrize("role", ["admin", "editor"])
def test_an_editor_is_shown_why_a_question_is_answered(role: str, request: pytest.FixtureRequest) -> None:
    desk: Desk = request.getfixturevalue(role)
    reply = desk.say(f"trace {HOW_MANY}")
    assert reply.kind is Kind.HELP
    assert plain_text(reply.document).splitlines() == [
        "Why: answered",
        "Asked for: count",
        "Time: 2023 → 2023",
        "",
        "Judged by F12",
        "screenings: in the fact",
        "",
        "May stay uncovered: 0 of the words.",
        "",
        "Its time: passes",
        "Its place: passes",
        "The kind of its value: passes",
        "Who speaks: passes",
        "Who does it: passes",
        "Names, numbers and what is asked for: passes",
    ]


def test_an_editor_is_shown_what_ruled_the_nearest_fact_out(editor: Desk) -> None:
    text = editor.text(f"trace {CROWDED}")
    for line in (
        "Why: not answered",
        "Spelling: screenngs → screenings",
        "Time: last year → 2025",
        "Place: JP",
        "In whose words: usdos",
        "japan: not covered",
        "Its time: rules it out",
        "Its place: rules it out",
        "Who speaks: rules it out",
    ):
        assert line in text.splitlines(), line


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("should visas be checked?", ("Why: not answered", "No fact can answer: opinion: should")),
        ("helpers", ("Why: several topics fit equally", "No single fact was judged to the end.")),
        ("zebra", ("Why: not answered", "No single fact was judged to the end.")),
        ("二零二三年有幾多甄別", ("原因：已作答", "甄別: 在事實內")),
    ],
)
def test_an_editor_is_shown_why_whatever_came_of_the_question(
    editor: Desk, question: str, lines: tuple[str, ...]
) -> None:
    shown = editor.text(f"trace {question}").splitlines()
    assert [line for line in lines if line not in shown] == []


def test_a_reader_is_refused_and_told_whom_to_ask(reader: Desk) -> None:
    reply = reader.say(f"trace {HOW_MANY}")
    assert reply.kind is Kind.ERROR
    assert "needs the role editor; yours is reader" in plain_text(reply.document)
    assert reply.document.facts == ()


@pytest.mark.parametrize(
    "question", ["why was the code of practice for employment agencies changed?", "Why is trafficking called rare?"]
)
@pytest.mark.parametrize("role", ["admin", "editor", "reader"])
def test_a_question_that_begins_with_why_is_a_question(
    role: str, request: pytest.FixtureRequest, question: str
) -> None:
    desk: Desk = request.getfixturevalue(role)
    reply = desk.say(question)
    assert reply.kind in (Kind.ANSWER, Kind.CHOICE, Kind.ABSTENTION)
    assert reply.document == desk.say(f"find {question}").document


def offered(reply: Message) -> list[tuple[str, str]]:
    return [(choice.label, choice.query) for choice in reply.document.choices if choice.query.startswith("trace ")]


@pytest.mark.parametrize("role", ["admin", "editor"])
def test_editors_find_why_under_an_answer_and_can_press_it(role: str, request: pytest.FixtureRequest) -> None:
    desk: Desk = request.getfixturevalue(role)
    ((label, query),) = offered(desk.say(HOW_MANY))
    assert (label, query) == ("Why this?", f"trace {HOW_MANY}")
    assert "Judged by F12" in desk.text(query)
    assert offered(desk.say("有幾多甄別"))[0][0] == "為何是這個？"


@pytest.mark.parametrize("question", [HOW_MANY, "有幾多甄別", "zebra", "screenings"])
def test_readers_find_no_why_anywhere(reader: Desk, question: str) -> None:
    assert offered(reader.say(question)) == []


def test_there_is_no_why_under_what_is_no_answer(editor: Desk) -> None:
    assert [offered(editor.say(line)) for line in ("zebra", "helpers", "help")] == [[], [], []]


def test_every_veto_has_words_of_its_own_in_both_languages(editor: Desk) -> None:
    for question in (f"trace {HOW_MANY}", "trace 二零二三年有幾多甄別"):
        vetoes = editor.text(question).split("\n\n")[-1].splitlines()
        assert len({line.split(":")[0] for line in vetoes}) == len(Veto)
