"""People in the Slack of our tests: what they do reaches an app, and they see what it does."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from servers.slack import COMMAND, FakeSlack, User
from servers.slack_apps import Payload, Serve, client_of, over_http, over_socket
from slack_sdk.webhook.async_client import AsyncWebhookClient


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


@pytest.fixture(params=[over_socket, over_http])
def serve(request: pytest.FixtureRequest) -> Serve:
    chosen: Serve = request.param
    return chosen


def answer(text: str, *labels: str) -> Payload:
    blocks: list[Payload] = [{"type": "section", "text": {"type": "mrkdwn", "text": f"*{text}*"}}]
    if labels:
        texts = [{"type": "plain_text", "text": label} for label in labels]
        buttons = [{"type": "button", "action_id": f"b{n}", "text": t, "value": "v"} for n, t in enumerate(texts)]
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": text, "blocks": blocks}


def form(*, errors: bool = False) -> Payload:
    field = {"type": "plain_text_input", "action_id": "value", "max_length": 20}
    options = [{"text": {"type": "plain_text", "text": label}, "value": label.lower()} for label in ("Save", "Check")]
    choice = {"type": "radio_buttons", "action_id": "value", "options": options, "initial_option": options[0]}
    inputs = [("speaker", "Speaker", field), ("submit", "What then?", choice)]
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Wrong" if errors else "Add"},
        "submit": {"type": "plain_text", "text": "Continue"},
        "private_metadata": "add",
        "blocks": [
            {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": label}, "element": element}
            for name, label, element in inputs
        ],
    }


@pytest.fixture
def mei(slack: FakeSlack) -> User:
    return slack.add_user("mei", locale="zh-TW")


async def test_a_slash_command_is_answered_in_its_acknowledgement(slack: FakeSlack, serve: Serve, mei: User) -> None:
    news = slack.add_channel("news", mei, bot=False)

    async def app(kind: str, payload: Payload) -> Payload:
        return answer(f"{kind} {payload['command']} {payload['text']} {payload['user_name']}", "Share")

    async with serve(slack, app):
        seen = await slack.slash(mei, news, "<b> & c")
    assert seen.text == "slash_commands /tipfacts <b> & c mei"
    assert (seen.words.splitlines(), seen.buttons) == ([f"*{seen.text}*", "Share"], ["Share"])
    assert slack.violations == []


async def test_nobody_speaks_in_a_channel_they_are_not_in(slack: FakeSlack, mei: User) -> None:
    news = slack.add_channel("news")
    for act in (slack.slash, slack.mention):
        with pytest.raises(AssertionError, match="mei is not in news"):
            await act(mei, news, "screenings")


async def test_a_command_answered_later_is_waited_for(slack: FakeSlack, serve: Serve, mei: User) -> None:
    async def reply(url: str) -> None:
        await asyncio.sleep(0.05)
        await AsyncWebhookClient(url, retry_handlers=[]).send(text="later")

    async def app(_kind: str, payload: Payload) -> None:
        tasks.append(asyncio.ensure_future(reply(payload["response_url"])))

    tasks: list[asyncio.Future[None]] = []
    async with serve(slack, app):
        seen = await slack.slash(mei, slack.add_channel("news", mei), "slow")
    await asyncio.gather(*tasks)
    assert [said.text for said in seen.ephemerals] == ["later"]


async def test_a_late_acknowledgement_is_told_to_the_person_and_recorded(
    slack: FakeSlack, serve: Serve, mei: User
) -> None:
    async def app(_kind: str, _payload: Payload) -> None:
        await asyncio.sleep(0.3)

    slack.patience = 0.1
    async with serve(slack, app):
        seen = await slack.slash(mei, slack.add_channel("news", mei), "slow")
    assert seen.trouble == "operation_timeout"
    assert slack.violations == ["/tipfacts: not acknowledged within 0.1 s"]


async def test_an_acknowledgement_that_slack_would_not_show_is_recorded(
    slack: FakeSlack, serve: Serve, mei: User
) -> None:
    async def app(_kind: str, _payload: Payload) -> Payload:
        return answer("x" * 3_000)

    async with serve(slack, app):
        seen = await slack.slash(mei, slack.add_channel("news", mei), "long")
    assert (seen.trouble, seen.new) == ("invalid_blocks", [])
    assert "3002 characters" in slack.violations[0]


async def test_a_button_is_pressed_in_what_only_one_person_sees(slack: FakeSlack, serve: Serve, mei: User) -> None:
    pressed: list[Payload] = []

    async def app(kind: str, payload: Payload) -> Payload | None:
        if kind == COMMAND:
            return answer("page 1", "Back", "Next")
        pressed.append(payload)
        await AsyncWebhookClient(payload["response_url"]).send_dict({"replace_original": True, **answer("page 2")})
        return None

    async with serve(slack, app):
        first = await slack.slash(mei, slack.add_channel("news", mei), "long")
        second = await slack.press(first, "Next")
        with pytest.raises(AssertionError, match="nothing called 'Next'"):
            await slack.press(second, "Next")
    assert [said.text for said in slack.shown_to(mei)] == ["page 2"]
    assert (pressed[0]["container"]["is_ephemeral"], "message" in pressed[0]) == (True, False)
    assert (pressed[0]["actions"][0]["action_id"], pressed[0]["actions"][0]["value"]) == ("b1", "v")


async def test_only_a_member_presses_a_button_in_a_channel(slack: FakeSlack, serve: Serve, mei: User) -> None:
    news, lok, pressed = slack.add_channel("news", mei), slack.add_user("lok"), list[Payload]()

    async def app(_kind: str, payload: Payload) -> None:
        pressed.append(payload)

    async with serve(slack, app):
        await client_of(slack).chat_postMessage(channel=news.id, **answer("digest", "Unsubscribe"))
        (message,) = slack.messages(news)
        with pytest.raises(AssertionError, match="is not in"):
            await slack.press(message, "Unsubscribe", user=lok)
        await slack.press(message, "b0", user=mei, wait=0)
    assert pressed[0]["message"]["ts"] == pressed[0]["container"]["message_ts"] == message.ts
    assert pressed[0]["user"]["id"] == mei.id


async def test_a_form_is_checked_by_slack_then_by_the_app_and_closed(slack: FakeSlack, serve: Serve, mei: User) -> None:
    heard: list[Payload] = []

    async def app(kind: str, payload: Payload) -> Payload | None:
        if kind == COMMAND:
            await client_of(slack).views_open(trigger_id=payload["trigger_id"], view=form())
            return None
        heard.append(payload["view"]["state"]["values"])
        if heard[-1]["speaker"]["value"]["value"] == "nobody":
            return {"response_action": "errors", "errors": {"speaker": "No such speaker."}}
        checking = heard[-1]["submit"]["value"]["selected_option"]["value"] == "check"
        return {"response_action": "update", "view": form(errors=True)} if checking else None

    async with serve(slack, app):
        opened = await slack.slash(mei, slack.add_channel("news", mei), "add")
        assert opened.view
        assert opened.view.title == "Add"
        assert (await slack.submit(opened)).errors == {"speaker": "Please complete this required field."}
        assert "at most 20" in (await slack.submit(opened, {"speaker": "x" * 21})).errors["speaker"]
        assert not heard
        assert (await slack.submit(opened, {"speaker": "nobody"})).errors == {"speaker": "No such speaker."}
        updated = await slack.submit(opened, {"speaker": "HKSAR"}, "Check")
        assert updated.view
        assert (updated.view.title, updated.errors) == ("Wrong", {})
        assert (await slack.submit(updated, {"speaker": "HKSAR"})).view is None
    assert slack.violations == []


async def test_a_modal_that_is_closed_tells_the_app_if_it_asked(slack: FakeSlack, serve: Serve, mei: User) -> None:
    heard: list[str] = []

    async def app(_kind: str, payload: Payload) -> None:
        heard.append(payload["type"])

    async with serve(slack, app):
        for asked in (False, True):
            view = form() | {"notify_on_close": asked}
            await client_of(slack).views_open(trigger_id=slack.trigger(mei), view=view)
            assert (await slack.close_view(mei)).view is None
    assert heard == ["view_closed"]


async def test_an_error_on_a_field_that_is_not_there_is_recorded(slack: FakeSlack, serve: Serve, mei: User) -> None:
    async def app(_kind: str, _payload: Payload) -> Payload:
        return {"response_action": "errors", "errors": {"nowhere": "Wrong."}}

    async with serve(slack, app):
        await client_of(slack).views_open(trigger_id=slack.trigger(mei), view=form())
        view = slack.view_of(mei)
        assert view
        seen = await slack.submit(view, {"speaker": "HKSAR"})
    assert (seen.trouble, seen.errors) == ("invalid_response", {})
    assert slack.violations == ["view_submission acknowledgement: no input ['nowhere']"]


async def test_a_mention_is_heard_where_the_bot_is_and_answered_in_the_thread(
    slack: FakeSlack, serve: Serve, mei: User
) -> None:
    async def app(_kind: str, payload: Payload) -> None:
        event = payload["event"]
        heard.append(payload)
        await client_of(slack).chat_postMessage(channel=event["channel"], text="4 252", thread_ts=event["ts"])

    heard: list[Payload] = []
    news, other = slack.add_channel("news", mei), slack.add_channel("other", mei, bot=False)
    async with serve(slack, app):
        seen = await slack.mention(mei, news, "how <many>?", retry=True)
        assert (await slack.mention(mei, other, "how many?")).trouble == "not_in_channel"
    assert [payload["event"]["text"] for payload in heard] == [f"<@{slack.team.bot.id}> how &lt;many&gt;?"] * 2
    assert len({payload["event_id"] for payload in heard}) == 1
    assert [message.thread_ts for message in seen.messages] == [heard[0]["event"]["ts"]] * 2


async def test_the_app_hears_its_own_words_in_a_dm(slack: FakeSlack, serve: Serve, mei: User) -> None:
    async def app(_kind: str, payload: Payload) -> None:
        heard.append(payload["event"])
        if "bot_id" not in payload["event"]:
            await client_of(slack).chat_postMessage(channel=payload["event"]["channel"], text="answer")

    heard: list[Payload] = []
    async with serve(slack, app):
        seen = await slack.dm(mei, "question")
        assert await slack.until(lambda: len(heard) == 2, 5)
    assert seen.text == "answer"
    assert [(event["type"], event["channel_type"], event["user"]) for event in heard] == [
        ("message", "im", mei.id),
        ("message", "im", slack.team.bot.id),
    ]


async def test_opening_home_shows_what_the_app_publishes(slack: FakeSlack, serve: Serve, mei: User) -> None:
    async def app(_kind: str, payload: Payload) -> None:
        assert payload["event"]["tab"] == "home"
        view = {"type": "home", "blocks": answer("Your role: reader")["blocks"]}
        await client_of(slack).views_publish(user_id=payload["event"]["user"], view=view)

    async with serve(slack, app):
        seen = await slack.open_home(mei)
    assert "Your role: reader" in seen.words
