from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack import requests
from adapters.slack.carrying import Carried, read, write
from adapters.slack.requests import Press
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
BOT = {"team_id": "T1", "user_id": "UBOT", "is_bot": True}


def slash(**more: object) -> dict[str, Any]:
    return {
        "team_id": "T1",
        "channel_id": "C1",
        "channel_name": "news",
        "user_id": "U1",
        "user_name": "mei",
        "command": "/tipfacts",
        "text": "screenings",
        "response_url": "https://hooks.slack.com/commands/1/2/3",
        "trigger_id": "1.2.3",
        **more,
    }


def event(kind: str, **more: object) -> dict[str, Any]:
    told = {"type": kind, "user": "U1", "team": "T1", "channel": "C1", "ts": "10.1", "text": "<@UBOT> hello", **more}
    return {"team_id": "T1", "event_id": "Ev1", "authorizations": [BOT], "event": told}


def press(action: Mapping[str, object], **more: object) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "desk"},
        "user": {"id": "U1", "name": "mei", "team_id": "T1"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/actions/1/2/3",
        "container": {"type": "message", "message_ts": "10.2", "channel_id": "C1", "is_ephemeral": True},
        "channel": {"id": "C1", "name": "news"},
        "actions": [action],
        **more,
    }


CHOICE = {"type": "button", "action_id": "choice:1", "block_id": "b", "value": '{"q":"history screenings"}'}


def test_a_slash_command_is_a_line_by_a_person_in_a_channel() -> None:
    request = requests.slash(slash(), NOW)
    assert request.text == "screenings"
    assert request.actor == Actor(Platform.SLACK, "T1", "U1", "mei")
    assert request.actor.name == "slack:T1/U1"
    assert request.address == Address(Platform.SLACK, "T1", "C1")
    assert (request.once_key, request.received_at, request.can_pop_up) == ("1.2.3", NOW, True)
    assert (request.locale, request.conversation) == (None, None)


def test_a_slash_command_without_a_text_or_trigger_is_an_empty_line_that_opens_nothing() -> None:
    request = requests.slash(slash(text="", trigger_id=None), NOW)
    assert (request.text, request.can_pop_up, request.once_key) == ("", False, None)


def test_in_direct_messages_the_address_names_the_person() -> None:
    assert requests.slash(slash(channel_id="D1"), NOW).address == Address(Platform.SLACK, "T1", "D1", user="U1")


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("R&amp;D &lt;b&gt;", "R&D <b>"),
        ("&amp;lt;", "&lt;"),
        ("see <https://example.org/a?b=1&amp;c=2>", "see https://example.org/a?b=1&c=2"),
        ("see <https://example.org|example.org>", "see https://example.org"),
        ("ask <mailto:a@example.org|a@example.org>", "ask a@example.org"),
        ("<!here> look", "@here look"),
        ("<!subteam^S123|@desk> look", "@desk look"),
        ("<!date^1392734382^{date}|18 Feb 2014>", "18 Feb 2014"),
        ("grant <@U2|ho> editor", "grant <@U2|ho> editor"),
        ("in <#C2|news>", "in <#C2|news>"),
        ("a < b > c", "a < b > c"),
        ("  spaces  ", "spaces"),
    ],
)
def test_text_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert requests.as_typed(sent) == typed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<@UBOT> how many victims?", "how many victims?"),
        ("<@UBOT>: how many victims?", "how many victims?"),
        ("<@UBOT|tipfacts>, how many victims?", "how many victims?"),
        ("how many victims, <@UBOT>?", "how many victims,  ?"),
        ("<@UBOT>", ""),
        ("<@UBOT> grant <@U2> editor", "grant <@U2> editor"),
        ("<@UBOT> R&amp;D", "R&D"),
    ],
)
def test_a_mention_is_what_stands_beside_the_bots_name(text: str, line: str) -> None:
    request = requests.mention(event("app_mention", text=text), NOW)
    assert request
    assert request.text == line


def test_a_mention_opens_a_thread_that_is_its_conversation() -> None:
    request = requests.mention(event("app_mention"), NOW)
    assert request
    assert request.address == Address(Platform.SLACK, "T1", "C1")
    assert request.conversation == Address(Platform.SLACK, "T1", "C1", thread="10.1")
    assert (request.once_key, request.can_pop_up) == ("Ev1", False)
    assert request.actor == Actor(Platform.SLACK, "T1", "U1", "U1")


def test_a_mention_in_a_thread_stands_there() -> None:
    request = requests.mention(event("app_mention", thread_ts="9.9"), NOW)
    assert request
    assert request.address == request.conversation == Address(Platform.SLACK, "T1", "C1", thread="9.9")


def test_who_writes_from_another_workspace_is_nobody_of_ours() -> None:
    request = requests.mention(event("app_mention", user_team="T2", team="T2"), NOW)
    assert request
    assert (request.actor.name, request.address.space) == ("slack:T2/U1", "T1")
    request = requests.mention(event("app_mention", user_team="E1", team="E1"), NOW)
    assert request
    assert request.actor.name == "slack:T1/U1"


def test_a_direct_message_is_its_own_conversation() -> None:
    request = requests.direct_message(event("message", channel_type="im", channel="D1", text="screenings"), NOW)
    assert request
    assert request.text == "screenings"
    assert request.address == request.conversation == Address(Platform.SLACK, "T1", "D1", user="U1")


def test_the_bots_name_is_no_part_of_a_direct_message_and_anybody_elses_is() -> None:
    text = "<@UBOT> who is <@U2>?"
    request = requests.direct_message(event("message", channel_type="im", channel="D1", text=text), NOW)
    assert request
    assert request.text == "who is <@U2>?"


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": None},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"edited": {"user": "U1", "ts": "10.3"}},
    ],
)
def test_bots_edits_and_the_like_are_not_answered(more: dict[str, object]) -> None:
    assert requests.mention(event("app_mention", **more), NOW) is None
    assert requests.direct_message(event("message", channel_type="im", **more), NOW) is None


def test_a_message_with_a_file_is_still_a_message() -> None:
    assert requests.direct_message(event("message", channel_type="im", subtype="file_share"), NOW)


def test_messages_outside_direct_messages_are_not_for_us() -> None:
    assert requests.direct_message(event("message", channel_type="channel"), NOW) is None
    assert requests.direct_message(event("message", channel_type="group"), NOW) is None


def test_a_home_tab_belongs_to_who_opens_it() -> None:
    opened = requests.home_opened(event("app_home_opened", tab="home", channel="D1"), NOW)
    assert opened
    assert opened.address == Address(Platform.SLACK, "T1", "U1", user="U1")
    assert requests.home_opened(event("app_home_opened", tab="messages"), NOW) is None


def test_a_press_stands_for_the_line_in_its_button_and_for_who_presses() -> None:
    pressed = requests.pressed(press(CHOICE, user={"id": "U2", "name": "ho", "team_id": "T1"}), NOW)
    assert pressed
    assert (pressed.press, pressed.request.text) == (Press.CHOICE, "history screenings")
    assert pressed.request.actor == Actor(Platform.SLACK, "T1", "U2", "ho")
    assert pressed.request.once_key == "1.2.3/choice:1"
    assert pressed.request.can_pop_up
    assert (pressed.is_private, pressed.is_direct) == (True, False)
    assert pressed.response_url == "https://hooks.slack.com/actions/1/2/3"


def test_a_press_tells_which_page_or_which_share_is_meant() -> None:
    turned = requests.pressed(press(CHOICE | {"action_id": "page:next", "value": '{"q":"log","p":3,"t":"x1"}'}), NOW)
    assert turned
    assert (turned.press, turned.page, turned.token) == (Press.PAGE, 3, "x1")
    shared = requests.pressed(press(CHOICE | {"action_id": "share", "value": '{"q":"screenings","t":"x2"}'}), NOW)
    assert shared
    assert (shared.press, shared.token) == (Press.SHARE, "x2")


@pytest.mark.parametrize(
    "action",
    [
        {"action_id": "other:1", "value": '{"q":"x"}'},
        {"action_id": "choice:1"},
        {"action_id": "choice:1", "value": "no json"},
        {"action_id": "choice:1", "value": "[1]"},
        {"action_id": "choice:1", "value": '{"q":1}'},
        {"action_id": "choice:1", "value": "{}"},
        {"value": '{"q":"x"}'},
    ],
)
def test_what_is_no_button_of_ours_is_left_alone(action: dict[str, object]) -> None:
    assert requests.pressed(press(action), NOW) is None


def test_a_press_in_a_thread_is_answered_there_and_is_no_part_of_its_conversation() -> None:
    public = {"type": "message", "message_ts": "10.2", "channel_id": "C1", "thread_ts": "9.9"}
    pressed = requests.pressed(press(CHOICE, container=public, message={"ts": "10.2", "thread_ts": "9.9"}), NOW)
    assert pressed
    assert pressed.request.address == Address(Platform.SLACK, "T1", "C1", "9.9")
    assert pressed.request.conversation is None
    assert not pressed.is_private


def test_a_press_in_direct_messages_is_known_as_such() -> None:
    container = {"type": "message", "message_ts": "10.2", "channel_id": "D1", "is_ephemeral": False}
    pressed = requests.pressed(press(CHOICE, container=container, channel={"id": "D1", "name": "directmessage"}), NOW)
    assert pressed
    assert (pressed.is_direct, pressed.request.address.user) == (True, "U1")
    assert pressed.request.conversation == pressed.request.address


def test_a_press_on_a_home_tab_has_only_its_person() -> None:
    body = press(CHOICE, container={"type": "view", "view_id": "V1"}, view={"id": "V1", "type": "home"})
    del body["channel"], body["response_url"]
    pressed = requests.pressed(body, NOW)
    assert pressed
    assert pressed.response_url is None
    assert pressed.request.address == Address(Platform.SLACK, "T1", "U1", user="U1")


def test_a_modal_is_sent_in_the_workspace_that_the_app_is_installed_in() -> None:
    view = {"id": "V1", "app_installed_team_id": "T1", "private_metadata": ""}
    sent = requests.sent({"view": view, "user": {"id": "U1", "name": "mei", "team_id": "T2"}, "team": {"id": "T2"}})
    assert (sent.team, sent.actor.name) == ("T1", "slack:T2/U1")


def test_the_workspace_is_found_wherever_a_payload_tells_it() -> None:
    assert requests.team_of({"team": {"id": "T1"}}) == "T1"
    assert requests.team_of({"team": None, "user": {"id": "U1", "team_id": "T1"}}) == "T1"
    assert requests.team_of({"team_id": "T2", "authorizations": [BOT]}) == "T1"
    assert requests.team_of({"team_id": "T1"}) == "T1"
    assert requests.team_of({}) == ""


def test_what_a_modal_carries_comes_back_the_same() -> None:
    address = Address(Platform.SLACK, "T1", "D1", "9.9", "U1")
    carried = Carried(address, Locale.ZH_HANT, "add", "fact", '{"a": "R&D <b> “q” 中"}', is_parked=True)
    text = write(carried)
    assert read("T1", {"private_metadata": text}) == carried
    assert not set("&<>") & set(text)


@pytest.mark.parametrize("text", ["", "no json", "{}", '{"a": 1}', '{"a": ["C1", null, null], "l": "xx"}', "[]", "1"])
def test_what_another_view_carries_is_nothing_of_ours(text: str) -> None:
    assert read("T1", {"private_metadata": text}) is None
