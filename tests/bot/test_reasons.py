"""Why a platform does not take a message, in words, and what to do: for every code that its adapter keeps."""

import ast
from pathlib import Path

import pytest

from adapters.slack.errors import _BROKE_UNDER_WAY, _CHANNEL_LOST, _NOT_TAKEN, RATE_LIMITED
from bot.answering.terms import contains_han
from bot.digests.reasons import Trouble, is_deleted, is_ours, may_not_look, reason_text, remedy, trouble, typed
from bot.domain.people import Platform
from bot.domain.text import Locale
from bot.wording.wording import wording

ROOT = Path(__file__).parents[2]
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
    ("Discord answered 401", Trouble.TOKEN),
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


def test_a_code_that_is_not_known_is_quoted_with_what_helps_mostly() -> None:
    assert reason_text("99999", ENGLISH) == "the platform says “99999”"
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


HITCHES = (
    *sorted(_BROKE_UNDER_WAY | _CHANNEL_LOST | _NOT_TAKEN | RATE_LIMITED),
    *("Slack answered 503", "Discord answered 502", "Discord answered 429", "Slack answered 413"),
    *("rate limit", "Slack cannot be reached", "Discord cannot be reached", "Slack did not reply"),
    *("Discord did not reply", "no reply in time", "internal error", "internal error while posting", "too slow"),
    *("another sender has taken over", "too many messages since", "what was printed cannot be looked for"),
    *("tipfacts is not installed in this workspace", "standard output: Broken pipe", "50035", "20028", "130000"),
)


@pytest.mark.parametrize("code", HITCHES)
def test_what_keeps_a_digest_is_said_in_the_words_of_each_language_and_not_as_it_is_kept(code: str) -> None:
    english, chinese = reason_text(code, ENGLISH), reason_text(code, CHINESE)
    assert "_" not in english
    assert "the platform says" not in english
    assert english != chinese
    assert contains_han(chinese)


def test_trouble_of_the_platform_is_not_taken_for_trouble_of_ours() -> None:
    assert reason_text("internal_error", ENGLISH) == "the platform has trouble of its own"
    assert reason_text("Discord answered 503", ENGLISH) == "Discord has trouble of its own: error 503"
    assert reason_text("Discord answered 429", ENGLISH) == reason_text("ratelimited", ENGLISH)
    assert reason_text("Slack answered 413", ENGLISH) == "Slack answered with error 413"
    assert reason_text("internal error", ENGLISH) == "an error of tipfacts’s own, which is in its log"


def test_what_took_too_long_is_not_said_to_be_anybody_else_s_doing() -> None:
    for code in ("too slow", "another sender has taken over"):
        assert reason_text(code, ENGLISH) == "it took too long, and the time for it was over"


@pytest.mark.parametrize("code", HITCHES)
def test_who_may_not_post_in_a_channel_may_not_look_there_and_other_hitches_pass(code: str) -> None:
    never = ("too many messages since", "what was printed cannot be looked for")
    assert not is_deleted(code)
    assert may_not_look(code) is (code in never or (trouble(code) is not None and not is_ours(code)))


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive", "Discord answered 401"])
def test_a_token_that_is_not_taken_ends_no_look_for_good(code: str) -> None:
    assert is_ours(code)
    assert not may_not_look(code)


def kept_by_adapters() -> set[str]:
    """The reasons of our own that adapters, and what posts through them, keep: sentences in their code."""
    files = [*(ROOT / "adapters").rglob("*.py"), ROOT / "bot" / "digests" / "posting.py"]
    calls = [
        each for path in files for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.Call)
    ]
    named = [each for each in calls if getattr(each.func, "id", "") in ("TryLater", "Unsure", "Refused")]
    literals = [arg.value for each in named for arg in each.args if isinstance(arg, ast.Constant)]
    return {each for each in literals if isinstance(each, str) and each}


def test_each_reason_that_an_adapter_makes_up_is_put_in_words() -> None:
    assert len(kept_by_adapters()) >= 5
    quoted = [each for each in kept_by_adapters() if "the platform says" in reason_text(each, ENGLISH)]
    assert quoted == []
