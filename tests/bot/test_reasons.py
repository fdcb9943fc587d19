"""Why a platform does not take a message, in words, and what to do: for every code that its adapter keeps."""

import pytest

from bot.digests.reasons import Trouble, is_deleted, may_not_look, reason_text, remedy, trouble, typed
from bot.domain.people import Platform
from bot.domain.text import Locale
from bot.wording.wording import wording

ENGLISH, CHINESE = wording(Locale.EN), wording(Locale.ZH_HANT)
ON_DISCORD = (
    ("10003", Trouble.CHANNEL_GONE),
    ("10004", Trouble.LEFT),
    ("50001", Trouble.HIDDEN),
    ("50013", Trouble.NO_PERMISSION),
    ("50083", Trouble.LOCKED),
    ("50007", Trouble.NO_DIRECT),
    ("200000", Trouble.FILTERED),
    ("50024", Trouble.NOT_FOR_TEXT),
    ("Discord answered 401", Trouble.NOT_PERMITTED),
)


@pytest.mark.parametrize(("code", "what"), ON_DISCORD)
def test_discord_s_numbers_are_said_in_words(code: str, what: Trouble) -> None:
    assert trouble(code) is what
    for words in (ENGLISH, CHINESE):
        told = reason_text(code, words) + remedy(code, Platform.DISCORD, words)
        assert code not in told
        assert "workspace" not in told


def test_where_a_channel_is_no_more_nobody_is_told_to_permit_anything_there() -> None:
    assert reason_text("10003", ENGLISH) == "the channel was deleted"
    assert remedy("10003", Platform.DISCORD, ENGLISH) == "Subscribe in another channel."
    assert reason_text("10004", ENGLISH) == "tipfacts is not in the server any more"
    assert "add me" in remedy("10004", Platform.DISCORD, ENGLISH)
    assert [is_deleted(code) for code in ("10003", "10004", "50001", None)] == [True, False, False, False]


def test_nobody_can_look_in_a_channel_that_is_closed_or_no_more() -> None:
    assert all(may_not_look(code) for code in ("10003", "10004", "50001", "50013"))
    assert not may_not_look("50083")


def test_a_code_that_is_not_known_is_shown_as_it_is_with_what_helps_mostly() -> None:
    assert reason_text("99999", ENGLISH) == "99999"
    assert "Permissions" in remedy("99999", Platform.DISCORD, ENGLISH)
    assert "/invite" in remedy("99999", Platform.SLACK, ENGLISH)
    assert reason_text(None, ENGLISH) == "no reason was kept"


@pytest.mark.parametrize("what", Trouble)
def test_every_trouble_has_words_in_both_languages(what: Trouble) -> None:
    codes = {trouble(code): code for code in ("restricted_action", *_known())}
    assert reason_text(codes[what], ENGLISH) != reason_text(codes[what], CHINESE)


def _known() -> tuple[str, ...]:
    from bot.digests.reasons import _CODES  # noqa: PLC0415 (all there are)

    return tuple(_CODES)


@pytest.mark.parametrize(
    ("platform", "line"),
    [(Platform.CONSOLE, "topics"), (Platform.SLACK, "/tipfacts topics"), (Platform.DISCORD, "/tipfacts topics")],
)
def test_a_line_is_shown_as_it_is_typed_there(platform: Platform, line: str) -> None:
    assert typed("topics", platform) == line
