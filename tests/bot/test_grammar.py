"""Reading a typed line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.grammar import normalise, parse, raw_rest
from bot.commands.table import COMMANDS


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("“Screenings”", '"Screenings"'),
        ("ｓｃｒｅｅｎｉｎｇｓ？", "screenings?"),
        ("２０２３年", "2023年"),
        ("screen\u200bings", "screenings"),
        ("a\u00a0b\tc", "a b c"),
        ("<#C1|general>", "#C1"),
        ("<@U12>", "@U12"),
        ("2019–2020", "2019-2020"),
        ("\x00\x1b[31m", "[31m"),
        ("\ud800", "\ufffd"),
    ],
)
def test_what_keyboards_and_platforms_put_in_is_taken_out(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("/tipfacts help", "help"),
        ("HELP", "help"),
        ("help?", "help"),
        ("history screenings", "history"),
        ("check f12", "check"),
        ("list", "subscriptions"),
        ("訂閱", "subscribe"),
        ("withdraw S3 published in error", "withdraw"),
        ("digest why", "digest"),
        ("history Initial screenings?", "history"),
        (
            "history the approach of the Government to combating trafficking in persons in Hong Kong since 2016",
            "history",
        ),
    ],
)
def test_a_command_is_known_by_its_name(typed: str, command: str) -> None:
    line = parse(typed, COMMANDS)
    assert line.command is not None
    assert line.command.name == command
    assert line.fits


@pytest.mark.parametrize(
    "typed",
    [
        "screenings",
        "source of the report?",
        "check whether helpers keep passports",
        "statement by the spokesman",
        "add more officers?",
        "history of trafficking in Hong Kong?",
        "history of screenings in Hong Kong and of the report since 2016?",
        "history " + "word " * 16,
    ],
)
def test_a_sentence_that_begins_like_a_command_is_a_question(typed: str) -> None:
    assert parse(typed, COMMANDS).command is None


@pytest.mark.parametrize("typed", ["withdraw", "withdraw tier", "grant alice editor please", "digest", "correct"])
def test_a_command_written_wrong_shows_how_it_is_written(typed: str) -> None:
    line = parse(typed, COMMANDS)
    assert line.command is None or not line.fits


def test_every_example_of_the_table_is_read_as_its_own_command() -> None:
    for command in COMMANDS:
        for example in command.examples:
            line = parse(example, COMMANDS)
            assert (line.command, line.fits) == (command, True), example


def test_no_two_commands_share_a_name() -> None:
    names = [name for command in COMMANDS for name in command.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("withdraw F12 數字有誤，須更正。“見附件”—甲、乙", "數字有誤，須更正。“見附件”—甲、乙"),
        ("  /tipfacts  WITHDRAW　f12\tＡ  ½ ", "Ａ  ½"),
        ("ｔｉｐｆａｃｔｓ withdraw F12 a\x00b\u200bc\ud800", "a bc\ufffd"),
        ("withdraw F12 <@U1> in <#C1|general>", "@U1 in #C1"),
        ("withdraw F12", ""),
        ("withdraw", ""),
        ("", ""),
    ],
)
def test_what_follows_is_kept_as_it_was_typed(typed: str, kept: str) -> None:
    assert raw_rest(typed, words=2) == kept


@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_text_can_break_the_grammar(text: str) -> None:
    line = parse(text, COMMANDS)
    assert normalise(line.text) == line.text or line.text == ""
