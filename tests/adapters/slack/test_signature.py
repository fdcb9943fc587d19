from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.signature import is_signed

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 (Slack's own example, in its documentation)
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
STAMP = "1531420618"
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
NOW = datetime.fromtimestamp(int(STAMP), UTC)


def test_the_example_of_slacks_documentation_is_signed() -> None:
    assert is_signed(SECRET, STAMP, SIGNATURE, BODY, NOW)


@pytest.mark.parametrize(
    ("age", "taken"),
    [
        (timedelta(), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(seconds=-60), True),
        (timedelta(seconds=-61), False),
        (timedelta(days=-400), False),
    ],
)
def test_a_signature_is_taken_for_five_minutes_and_hardly_before_its_time(age: timedelta, *, taken: bool) -> None:
    assert is_signed(SECRET, STAMP, SIGNATURE, BODY, NOW + age) is taken


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "v0=",
        SIGNATURE[:-1],
        SIGNATURE.upper(),
        SIGNATURE.replace("v0=", ""),
        SIGNATURE.replace("v0=", "v1="),
        SIGNATURE + " ",
        f"v0={'0' * 64}",
        "v0=ａ２１１４ｄ５７",
        "v0=\udc80\udcff",
        "v0=" + "é" * 64,
        "x" * 100_000,
    ],
)
def test_any_other_signature_is_refused(signature: str | None) -> None:
    assert not is_signed(SECRET, STAMP, signature, BODY, NOW)


@pytest.mark.parametrize(
    "stamp",
    [
        None,
        "",
        "now",
        "-1",
        f"+{STAMP}",
        f" {STAMP}",
        f"{STAMP}.0",
        "1e9",
        "１５３１４２０６１８",
        "9" * 5_000,
        "0x5b47",
        "nan",
    ],
)
def test_a_timestamp_that_is_no_number_is_refused(stamp: str | None) -> None:
    assert not is_signed(SECRET, stamp, SIGNATURE, BODY, NOW)


def test_a_body_altered_by_one_byte_is_refused() -> None:
    for at in range(0, len(BODY), 37):
        altered = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
        assert not is_signed(SECRET, STAMP, SIGNATURE, altered, NOW)


def test_another_secret_or_time_makes_another_signature() -> None:
    assert not is_signed(f"{SECRET}x", STAMP, SIGNATURE, BODY, NOW)
    assert not is_signed(SECRET, str(int(STAMP) - 1), SIGNATURE, BODY, NOW)


def test_without_a_secret_nothing_can_be_verified() -> None:
    with pytest.raises(ValueError, match="secret"):
        is_signed("", STAMP, SIGNATURE, BODY, NOW)


@given(st.text(), st.text(), st.binary())
def test_no_header_makes_it_raise(stamp: str, signature: str, body: bytes) -> None:
    assert not is_signed(SECRET, stamp, signature, body, NOW)
