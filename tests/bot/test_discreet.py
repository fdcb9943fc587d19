"""What the log is told of an error holds no secret."""

import pytest

from bot.discreet import discreet, error_line, error_story

SECRETS = (
    "xoxb-1234567890-abcdefghij",
    "xapp-1-A0123-4567-abcdef",
    "MTA5ODc2NTQzMjEwOTg3NjU0.GaBcDe.f0Gh1jKlMnOpQrStUvWxYz0123456789abcd",
    "wss://wss-primary.slack.com/link/?ticket=1234-5678&app_id=9a",
    "https://hooks.slack.com/commands/T0123/456789/nJqTkX0aBcDeFgHiJkLm",
    "postgresql://user:hunter2@127.0.0.1/tipfacts",
)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_cut_out_wherever_it_stands(secret: str) -> None:
    for text in (secret, f"got '{secret}'", f"{{'url': '{secret}'}}", f"a {secret}, b"):
        shown = discreet(text)
        for part in ("1234567890", "ticket=", "f0Gh1jKl", "nJqTkX", "hunter2", "4567-abc", "MTA5"):
            assert part not in shown
        assert "…" in shown


def test_what_helps_stays() -> None:
    text = "SlackApiError: https://slack.com/api/auth.test said {'ok': False, 'error': 'invalid_auth'} (line 4096)"
    assert discreet(text) == text


def test_an_error_is_told_in_a_line_with_its_place() -> None:
    line = error_line(raised(ValueError("first\nsecond xoxb-1-a")))
    assert line.startswith("ValueError at test_discreet.py:")
    assert line.endswith(": first second …")


def test_an_error_without_text_or_place_is_told_by_its_name() -> None:
    assert error_line(TimeoutError()) == "TimeoutError"


def test_a_whole_story_holds_no_secret_of_what_came_before_it_either() -> None:
    story = error_story(raised(ValueError("xoxb-1-a"), RuntimeError("xapp-2-b")))
    assert "Traceback" in story
    assert "ValueError" in story
    assert "RuntimeError" in story
    assert "xoxb-1" not in story
    assert "xapp-2" not in story


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    with pytest.raises(type(error)) as caught:
        raise error from cause
    return caught.value
