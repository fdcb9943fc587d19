import re
from collections.abc import Callable
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.console.output import PlainOutput, Tone
from adapters.console.rich_output import RichOutput
from adapters.console.visible import visible
from bot.domain.facts import Fact
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, FactLine, Paragraph
from bot.messages.exchange import Kind

MakeRich = Callable[..., tuple[RichOutput, StringIO]]
STYLING = re.compile(r"\x1b\[[0-9;]*m|\x1b]8;[^;\x1b]*;[!-~]*\x1b\\")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MARKUP = ("[bold]", "[/]", "[link=x]", ":smile:", "https://x.example/", "字", "a" * 90, "\n", " ")
SEQUENCES = ("\x1b[31m", "\x1b]8;;x\x1b\\", "\0", "\r", "\x9b2J", "\ud800", "\u202e")
HOSTILE = st.text(st.characters(exclude_categories=())) | st.lists(st.sampled_from(MARKUP + SEQUENCES)).map("".join)


def test_every_block_is_printed_in_plain_words(document: Document, capsys: pytest.CaptureFixture[str]) -> None:
    PlainOutput().show(document, Kind.ANSWER)
    printed = capsys.readouterr().out
    for words in ("approximately 11,000", "“baseless”", "history TOPIC: ", "2022 | not held", ". Source: source F12"):
        assert words in printed


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_block_is_laid_out_within_the_terminal(document: Document, make_rich: MakeRich, width: int) -> None:
    output, printed = make_rich(width)
    output.show(document)
    text = printed.getvalue()
    for words in ("approximately 11,000", "baseless", "history TOPIC", "not held", "source F12"):
        assert words in text
    assert max(map(len, text.splitlines())) <= min(width, 100)


def test_choices_are_numbered_through_the_whole_document(document: Document, make_rich: MakeRich) -> None:
    output, printed = make_rich()
    output.show(document)
    assert re.findall(r"^(\d)\. +(\w+)", printed.getvalue(), re.MULTILINE) == [
        ("1", "History"),
        ("2", "tier"),
        ("3", "Source"),
    ]


def test_a_choice_whose_label_is_what_to_type_is_shown_once(make_rich: MakeRich) -> None:
    output, printed = make_rich()
    output.show(Document(Locale.EN, (Choices((Choice("tier", "tier"),)),)))
    assert printed.getvalue().split() == ["1.", "tier"]


def test_a_link_can_be_read_and_followed(document: Document, make_rich: MakeRich) -> None:
    output, printed = make_rich(100, "truecolor")
    output.show(document)
    assert re.search(r"\x1b]8;[^;]*;https://www\.dimsumdaily\.hk/rejected/\x1b\\.*https://www\.", printed.getvalue())


def test_an_address_that_is_no_web_address_is_not_linked(fact: Fact, make_rich: MakeRich) -> None:
    output, printed = make_rich(100, "truecolor")
    output.show(Document(Locale.EN, (FactLine(fact, "text", "source", "javascript:alert(1)"),)))
    assert "\x1b]8" not in printed.getvalue()


@pytest.mark.parametrize(("kind", "marked"), [(Kind.ERROR, True), (Kind.DONE, True), (Kind.ANSWER, False)])
def test_errors_and_changes_carry_a_bar(make_rich: MakeRich, kind: Kind, marked: bool) -> None:  # noqa: FBT001
    output, printed = make_rich()
    output.show(Document(Locale.EN, (Paragraph("one\ntwo"),)), kind)
    assert [line.startswith("▎") for line in printed.getvalue().splitlines()] == [marked, marked]


def test_markup_in_stored_text_is_printed_as_it_stands(make_rich: MakeRich) -> None:
    output, printed = make_rich()
    output.show(Document(Locale.EN, (Paragraph("[bold red]x[/] :smile: [link=y]z"),)))
    assert printed.getvalue() == "[bold red]x[/] :smile: [link=y]z\n"


def test_escape_sequences_are_made_visible() -> None:
    assert visible("\x1b[31m\0\x7f\x9b\u202eab\ud800\r\n\t\r") == "␛[31m␀␡\\u009b\\u202eab\ufffd\n\t␍"


@given(text=HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_stored_text_steers_the_terminal(
    text: str, make_document: Callable[[str], Document], make_rich: MakeRich
) -> None:
    for colours in (None, "truecolor"):
        output, printed = make_rich(60, colours)
        output.show(make_document(text), Kind.ERROR)
        output.tell(text, Tone.ALARM)
        rest = STYLING.sub("", printed.getvalue())
        assert not STEERING.search(rest)
        rest.encode()


@given(text=HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_stored_text_steers_the_terminal_through_plain_words(
    text: str, make_document: Callable[[str], Document], capsys: pytest.CaptureFixture[str]
) -> None:
    PlainOutput().show(make_document(text))
    PlainOutput().tell(text)
    assert not STEERING.search(capsys.readouterr().out)
