import json
from collections.abc import Callable

import pytest
from click.testing import Result

from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, FactLine, Paragraph
from bot.messages.exchange import Form, FormErrors, Kind, Message, Reply, Request, Submit

Command = Callable[..., Result]
FORM = Form("add", "speaker", "Add a statement", (), (Submit("next", "Next"),), Locale.EN)


def test_a_question_is_sent_as_typed_and_changes_nothing(command: Command, requests: list[Request]) -> None:
    result = command("ask", "/tipfacts", " screenings")
    assert (result.output, result.exit_code) == ("read-only /tipfacts  screenings\n", 0)
    (request,) = requests
    assert request.text == "/tipfacts  screenings"
    assert request.actor == Actor(Platform.CONSOLE, "local", "console", "console", may_manage_channel=True)
    assert request.address == Address(Platform.CONSOLE, "local", "console")
    assert request.received_at.tzinfo
    assert request.once_key


def test_an_empty_question_is_sent_on(command: Command, requests: list[Request]) -> None:
    assert command("ask", "").exit_code == 0
    assert requests[0].text == ""


@pytest.mark.parametrize(
    ("options", "environment", "locale"),
    [
        ([], {}, None),
        (["--locale", "zh-Hant"], {}, Locale.ZH_HANT),
        (["--locale", "EN"], {"TIPFACTS_LOCALE": "zh-Hant"}, Locale.EN),
        ([], {"TIPFACTS_LOCALE": "zh_HK.UTF-8"}, Locale.ZH_HANT),
        ([], {"TIPFACTS_LOCALE": ""}, None),
    ],
)
def test_the_language_is_the_option_then_the_environment_then_open(
    command: Command, requests: list[Request], options: list[str], environment: dict[str, str], locale: Locale | None
) -> None:
    assert command("ask", "x", *options, **environment).exit_code == 0
    assert requests[0].locale is locale


@pytest.mark.parametrize(
    ("kind", "status", "named"),
    [
        (Kind.ANSWER, 0, "answer"),
        (Kind.CHOICE, 0, "choice"),
        (Kind.HELP, 0, "help"),
        (Kind.DONE, 0, "help"),
        (Kind.ABSTENTION, 3, "abstention"),
        (Kind.ERROR, 1, "error"),
    ],
)
def test_the_exit_status_and_the_json_tell_the_kind(
    command: Command, replies: list[Reply], document: Document, kind: Kind, status: int, named: str
) -> None:
    replies += [Message(kind, document), Message(kind, document)]
    assert command("ask", "x").exit_code == status
    result = command("ask", "x", "--json")
    assert result.exit_code == status
    assert json.loads(result.stdout)["kind"] == named


def test_the_json_has_exactly_the_promised_fields(command: Command, replies: list[Reply], document: Document) -> None:
    replies.append(Message(Kind.ANSWER, document))
    printed = command("ask", "screenings", "--json").stdout
    assert printed.count("\n") == 1
    answer = json.loads(printed)
    assert list(answer) == ["kind", "text", "facts", "suggestions", "context", "why"]
    assert answer["suggestions"][0] == {"label": "History", "query": "history screenings"}
    assert answer["facts"][0] == {
        "id": "F12",
        "topic": "screenings",
        "text": "The government said around 11,000 initial screenings were conducted.",
        "value": 11000,
        "unit": "initial screenings",
        "qualifier": "about",
        "period": "2023",
        "said_on": "2024-06-25",
        "speaker": "HKSAR Government",
        "voice": "paraphrased",
        "standing": "current",
        "disputed_by": [],
        "quote": "not only unfounded",
        "source": {
            "title": "Government rejects report",
            "publisher": "Dimsum Daily",
            "url": "https://www.dimsumdaily.hk/rejected/",
        },
    }


def test_the_json_speaks_the_documents_language(command: Command, replies: list[Reply], document: Document) -> None:
    replies.append(Message(Kind.ANSWER, Document(Locale.ZH_HANT, document.blocks)))
    printed = command("ask", "審核", "--json").stdout
    assert '"speaker": "香港特區政府"' in printed
    assert '"unit": "次初步識別審核"' in printed


def test_a_choice_has_no_facts_in_json(command: Command, replies: list[Reply], document: Document) -> None:
    lines = tuple(block for block in document.blocks if isinstance(block, FactLine | Choices))
    replies.append(Message(Kind.CHOICE, Document(Locale.EN, lines)))
    answer = json.loads(command("ask", "x", "--json").stdout)
    assert answer["facts"] == []
    assert answer["suggestions"]


def test_json_is_one_line_that_steers_no_terminal(command: Command, replies: list[Reply]) -> None:
    text = "a\x1b[31m\x9b\u2028\ud800\n字"
    offered = Choices((Choice(text, text),))
    replies.append(Message(Kind.ANSWER, Document(Locale.EN, (Paragraph(text), offered))))
    printed = command("ask", "x", "--json").stdout
    assert not set("\x1b\x9b\u2028") & set(printed)
    assert json.loads(printed)["suggestions"][0]["label"] == "a\x1b[31m\x9b\u2028\ufffd\n字"


@pytest.mark.parametrize("reply", [FORM, FormErrors(FORM, {"": "No."})])
def test_a_form_is_an_error_that_names_the_console(command: Command, replies: list[Reply], reply: Reply) -> None:
    replies.append(reply)
    result = command("ask", "add", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert answer["kind"] == "error"
    assert "console" in answer["text"]


@pytest.mark.parametrize(
    "arguments", [["ask"], ["ask", "--jsonl", "x"], ["ask", "x", "--locale", "fr"], ["ask", "x", "--colour"], ["asks"]]
)
def test_wrong_usage_ends_with_2(command: Command, requests: list[Request], arguments: list[str]) -> None:
    result = command(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert requests == []


def test_each_line_of_a_batch_is_answered_under_its_id(command: Command, requests: list[Request]) -> None:
    batch = '{"id": 1, "question": "a", "locale": "zh-HK"}\n\n{"id": "two", "question": "b"}\n'
    result = command("ask", "--jsonl", "--locale", "en", typed=batch)
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["id"], first["text"]) == (1, "read-only a")
    assert (second["id"], second["kind"]) == ("two", "answer")
    assert [request.locale for request in requests] == [Locale.ZH_HANT, Locale.EN]
    assert requests[0].once_key != requests[1].once_key


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        (b"nonsense", None),
        (b"[]", None),
        (b'{"id": 7}', 7),
        (b'{"id": 7, "question": 3}', 7),
        (b'{"id": 7, "question": "a", "locale": "fr"}', 7),
        (b'{"id": 7, "question": "a", "locale": 1}', 7),
        (b'{"id": NaN, "question": "a"}', None),
        (b"[" * 100_000, None),
        (b"1" * 5_000, None),
        (b"\xff\xfe", None),
    ],
)
def test_a_bad_line_is_an_error_and_the_batch_goes_on(command: Command, line: bytes, identity: int | None) -> None:
    result = command("ask", "--jsonl", typed=line + b'\n{"id": "next", "question": "b"}\n')
    assert result.exit_code == 0
    bad, good = map(json.loads, result.stdout.splitlines())
    assert (bad["id"], bad["kind"], bad["facts"], bad["suggestions"]) == (identity, "error", [], [])
    assert "write one object a line" in bad["text"] or "language" in bad["text"]
    assert (good["id"], good["text"]) == ("next", "read-only b")


def test_a_question_with_half_a_character_is_made_whole(command: Command, requests: list[Request]) -> None:
    assert command("ask", "--jsonl", typed='{"id": "\\ud800", "question": "a\\ud800"}').exit_code == 0
    assert requests[0].text == "a\ufffd"


def test_the_installation_is_closed_after_an_answer(command: Command, closed: list[str]) -> None:
    command("ask", "x")
    assert closed == ["closed"]


def test_an_answer_is_laid_out_on_a_terminal(
    command: Command, replies: list[Reply], document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.console.output.is_terminal", lambda: True)
    replies.append(Message(Kind.ANSWER, document))
    assert "╭" in command("ask", "screenings").stdout
