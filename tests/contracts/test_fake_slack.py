"""The Slack of our tests, asked by Slack's own client: it answers, refuses and fails as Slack does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from servers.slack import INACTIVE, REVOKED, FakeSlack
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

METADATA = {"event_type": "tipfacts_digest", "event_payload": {"nonce": "n1"}}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[], timeout=5)


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def modal(text: str = "Hello") -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": "A title"}, "blocks": [section(text)]}


async def refusal(call: Any) -> AsyncSlackResponse:  # noqa: ANN401 (any call of the client)
    with pytest.raises(SlackApiError) as caught:
        await call
    response: AsyncSlackResponse = caught.value.response
    return response


async def test_the_bot_learns_who_it_is_and_what_it_may_do(slack: FakeSlack, client: AsyncWebClient) -> None:
    found = await client.auth_test()
    assert found["team_id"] == slack.team.id
    assert found["user_id"] == slack.team.bot.id
    assert "chat:write" in found.headers["x-oauth-scopes"]


async def test_a_message_is_kept_with_its_metadata_and_found_again(slack: FakeSlack, client: AsyncWebClient) -> None:
    news = slack.add_channel("news")
    posted = await client.chat_postMessage(channel=news.id, text="hi", blocks=[section("hi")], metadata=METADATA)
    held = (await client.conversations_history(channel=news.id, include_all_metadata=True))["messages"]
    assert [(message["ts"], message["metadata"]) for message in held] == [(posted["ts"], METADATA)]
    assert "metadata" not in (await client.conversations_history(channel=news.id))["messages"][0]
    assert slack.messages(news)[0].text == "hi"


async def test_history_goes_back_in_pages_newest_first(slack: FakeSlack, client: AsyncWebClient) -> None:
    news = slack.add_channel("news")
    stamps = [(await client.chat_postMessage(channel=news.id, text=str(n)))["ts"] for n in range(5)]
    first = await client.conversations_history(channel=news.id, oldest=stamps[0], limit=3)
    rest = await client.conversations_history(
        channel=news.id, oldest=stamps[0], limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for page in (first, rest) for m in page["messages"]] == ["4", "3", "2", "1"]
    assert not rest["has_more"]


async def test_a_reply_in_a_thread_is_not_in_the_history_of_the_channel(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    news = slack.add_channel("news")
    parent = await client.chat_postMessage(channel=news.id, text="parent")
    await client.chat_postMessage(channel=news.id, text="reply", thread_ts=parent["ts"])
    assert [m["text"] for m in (await client.conversations_history(channel=news.id))["messages"]] == ["parent"]
    unknown = client.chat_postMessage(channel=news.id, text="reply", thread_ts="1.000001")
    assert (await refusal(unknown))["error"] == "thread_not_found"


async def test_posting_where_the_bot_cannot_is_refused_by_name(slack: FakeSlack, client: AsyncWebClient) -> None:
    other = slack.add_channel("other", bot=False)
    secret = slack.add_channel("secret", bot=False, private=True)
    away = slack.add_channel("away", team=slack.add_team("Elsewhere"))
    closed = slack.add_channel("closed")
    slack.archive(closed)
    robot = slack.add_user("robot", is_bot=True)
    errors = [
        (await refusal(client.chat_postMessage(channel=place, text="hi")))["error"]
        for place in (other.id, secret.id, away.id, closed.id, robot.id, "C404")
    ]
    assert errors == [
        "not_in_channel",
        "channel_not_found",
        "channel_not_found",
        "is_archived",
        "cannot_dm_bot",
        "channel_not_found",
    ]


async def test_a_person_as_channel_opens_their_dm(slack: FakeSlack, client: AsyncWebClient) -> None:
    mei = slack.add_user("mei")
    posted = await client.chat_postMessage(channel=mei.id, text="hi")
    assert posted["channel"] == (await client.conversations_open(users=mei.id))["channel"]["id"]
    assert [message.text for message in slack.messages(mei)] == ["hi"]


async def test_a_person_is_no_channel_to_look_into_or_to_change_a_message_in(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    mei = slack.add_user("mei")
    posted = await client.chat_postMessage(channel=mei.id, text="hi")
    calls = (
        client.conversations_history(channel=mei.id),
        client.conversations_info(channel=mei.id),
        client.chat_update(channel=mei.id, ts=posted["ts"], text="hello"),
    )
    assert [(await refusal(call))["error"] for call in calls] == ["channel_not_found"] * 3
    found = await client.conversations_history(channel=posted["channel"])
    assert [message["text"] for message in found["messages"]] == ["hi"]


@pytest.mark.parametrize("state", [REVOKED, INACTIVE])
async def test_a_token_that_is_over_is_told_why(slack: FakeSlack, client: AsyncWebClient, state: str) -> None:
    slack.revoke(state)
    assert (await refusal(client.auth_test()))["error"] == state
    assert (await refusal(client.auth_test(token="xoxb-wrong")))["error"] == "invalid_auth"  # noqa: S106
    assert (await refusal(AsyncWebClient(base_url=slack.url).auth_test()))["error"] == "not_authed"


async def test_the_tokens_of_app_and_bot_are_not_exchangeable(slack: FakeSlack, client: AsyncWebClient) -> None:
    wrong = await refusal(client.apps_connections_open(app_token=slack.bot_token))
    assert wrong["error"] == "not_allowed_token_type"
    news = slack.add_channel("news")
    wrong = await refusal(client.chat_postMessage(channel=news.id, text="hi", token=slack.app_token))
    assert wrong["error"] == "not_allowed_token_type"


@pytest.mark.filterwarnings("ignore:.*`text` argument is missing:UserWarning")
@pytest.mark.parametrize(
    ("content", "error"),
    [
        ({"text": " "}, "no_text"),
        ({"text": "x" * 12_001}, "msg_too_long"),
        ({"text": "x", "blocks": [section("x" * 3_001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("x")] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "header"}]}, "invalid_blocks"),
        ({"text": "x" * 9_000, "blocks": [section("x" * 3_000)] * 2}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ],
)
async def test_content_that_slack_would_not_take_is_refused(
    slack: FakeSlack, client: AsyncWebClient, content: dict[str, Any], error: str
) -> None:
    news = slack.add_channel("news")
    response = await refusal(client.chat_postMessage(channel=news.id, **content))
    assert response["error"] == error
    assert not slack.messages(news)


@pytest.mark.filterwarnings("ignore:.*`text` argument is missing:UserWarning")
async def test_blocks_without_text_are_taken_but_recorded(slack: FakeSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=slack.add_channel("news").id, blocks=[section("hi")])
    assert slack.violations == ["chat.postMessage: text: missing"]


async def test_a_scope_that_was_not_granted_is_named(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.team.scopes -= {"users:read", "channels:history", "im:write"}
    mei, news = slack.add_user("mei", locale="zh-TW"), slack.add_channel("news")
    calls = (
        client.users_info(user=mei.id, include_locale=True),
        client.conversations_history(channel=news.id),
        client.conversations_open(users=mei.id),
    )
    needed = [(response["error"], response["needed"]) for response in [await refusal(call) for call in calls]]
    assert needed == [("missing_scope", scope) for scope in ("users:read", "channels:history", "im:write")]
    slack.team.scopes.add("users:read")
    assert (await client.users_info(user=mei.id, include_locale=True))["user"]["locale"] == "zh-TW"
    assert "locale" not in (await client.users_info(user=mei.id))["user"]


async def test_only_an_own_message_that_is_there_can_be_changed(slack: FakeSlack, client: AsyncWebClient) -> None:
    news = slack.add_channel("news")
    ts = (await client.chat_postMessage(channel=news.id, text="one", metadata=METADATA))["ts"]
    await client.chat_update(channel=news.id, ts=ts, text="two")
    (message,) = slack.messages(news)
    assert (message.text, message.was, message.metadata) == ("two", ["one"], METADATA)
    assert (await refusal(client.chat_update(channel=news.id, ts="1.1", text="x")))["error"] == "message_not_found"


async def test_an_ephemeral_message_is_shown_to_one_member(slack: FakeSlack, client: AsyncWebClient) -> None:
    mei, lok = slack.add_user("mei"), slack.add_user("lok")
    news = slack.add_channel("news", mei)
    await client.chat_postEphemeral(channel=news.id, user=mei.id, text="psst")
    assert [said.text for said in slack.shown_to(mei)] == ["psst"]
    outside = await refusal(client.chat_postEphemeral(channel=news.id, user=lok.id, text="psst"))
    assert outside["error"] == "user_not_in_channel"


async def test_a_trigger_opens_one_modal_within_three_seconds(slack: FakeSlack, client: AsyncWebClient) -> None:
    mei = slack.add_user("mei")
    trigger, late = slack.trigger(mei), slack.trigger(mei)
    opened = await client.views_open(trigger_id=trigger, view=modal())
    assert slack.view_of(mei) is slack.world.views[opened["view"]["id"]]
    slack.pass_time(3.0)
    calls = [client.views_open(trigger_id=one, view=modal()) for one in (trigger, late, "made.up")]
    errors = [(await refusal(call))["error"] for call in calls]
    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


async def test_a_view_changes_while_it_is_open_and_unchanged_by_others(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    mei = slack.add_user("mei")
    opened = (await client.views_open(trigger_id=slack.trigger(mei), view=modal()))["view"]
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal("Changed"))
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal())
    assert (await refusal(stale))["error"] == "hash_conflict"
    too_long = client.views_update(view_id=opened["id"], view=modal("x" * 3_001))
    response = await refusal(too_long)
    assert response["error"] == "invalid_arguments"
    assert "3001" in response["response_metadata"]["messages"][0]
    assert (await refusal(client.views_update(view_id="V404", view=modal())))["error"] == "not_found"


async def test_a_home_tab_is_published_for_a_person_of_the_workspace(slack: FakeSlack, client: AsyncWebClient) -> None:
    mei, stranger = slack.add_user("mei"), slack.add_user("sam", team=slack.add_team("Elsewhere"))
    home = {"type": "home", "blocks": [section("Home")]}
    await client.views_publish(user_id=mei.id, view=home)
    found = slack.home_of(mei)
    assert found
    assert found.blocks[0]["text"]["text"] == "Home"
    assert (await refusal(client.views_publish(user_id=stranger.id, view=home)))["error"] == "user_not_found"


async def test_what_slack_does_not_have_is_an_unknown_method(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"
    assert slack.violations == ["chat.shout: unknown_method"]


async def test_a_call_fails_the_way_it_was_told_and_then_no_more(slack: FakeSlack, client: AsyncWebClient) -> None:
    news = slack.add_channel("news")

    async def post() -> AsyncSlackResponse:
        return await client.chat_postMessage(channel=news.id, text="hi")

    slack.fail("chat.postMessage", error="ratelimited", retry_after=7)
    limited = await refusal(post())
    assert (limited.status_code, limited.headers["Retry-After"], limited["error"]) == (429, "7", "ratelimited")
    slack.fail("chat.postMessage", status=503)
    assert (await refusal(post())).status_code == 503
    for how in ({"drop": True}, {"lose_reply": True}):
        slack.fail("chat.postMessage", **how)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await post()
    assert len(slack.messages(news)) == 1, "only the lost reply had acted"
    assert (await post())["ok"]
    assert [call.failed for call in slack.called("chat.postMessage")] == [True, True, True, True, False]


async def test_a_late_answer_does_not_outlive_the_server(client: AsyncWebClient, slack: FakeSlack) -> None:
    slack.fail("auth.test", delay=60)
    asking = asyncio.ensure_future(client.auth_test())
    assert await slack.until(lambda: bool(slack.calls), 5)
    await slack.__aexit__(None, None, None)
    assert (await asyncio.wait_for(asking, 5))["ok"]


async def test_a_response_url_serves_five_times_within_half_an_hour(slack: FakeSlack) -> None:
    mei = slack.add_user("mei")
    news = slack.add_channel("news", mei, bot=False)
    reply = AsyncWebhookClient(slack.response_url(mei, news), retry_handlers=[])
    kinds = ["ephemeral", "in_channel", "ephemeral", "ephemeral", "ephemeral"]
    answers = [await reply.send(text=kind, response_type=kind) for kind in kinds]
    assert [(answer.status_code, answer.body) for answer in answers] == [(200, "ok")] * 5
    assert (len(slack.shown_to(mei)), [m.text for m in slack.messages(news)]) == (4, ["in_channel"])
    assert "used_url" in (await reply.send(text="once more")).body
    old = AsyncWebhookClient(slack.response_url(mei, news), retry_handlers=[])
    slack.pass_time(30 * 60 + 1)
    assert "expired_url" in (await old.send(text="late")).body


async def test_a_response_url_changes_and_deletes_what_was_pressed(slack: FakeSlack, client: AsyncWebClient) -> None:
    mei = slack.add_user("mei")
    news = slack.add_channel("news", mei)
    await client.chat_postEphemeral(channel=news.id, user=mei.id, text="first page")
    (page,) = slack.shown_to(mei)
    reply = AsyncWebhookClient(slack.response_url(mei, news, page), retry_handlers=[])
    await reply.send(text="second page", replace_original=True)
    assert [said.text for said in slack.shown_to(mei)] == ["second page"]
    refused = await reply.send(text="x", blocks=[section("x" * 3_001)], replace_original=True)
    assert (refused.status_code, "invalid_blocks" in refused.body) == (400, True)
    await reply.send(delete_original=True)
    assert not slack.shown_to(mei)


async def test_the_clock_of_a_test_gives_messages_their_stamps() -> None:
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    async with FakeSlack(clock=lambda: nine) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url)
        news = slack.add_channel("news")
        stamps = [(await client.chat_postMessage(channel=news.id, text="hi"))["ts"] for _ in range(2)]
    assert stamps == [f"{int(nine.timestamp())}.000000", f"{int(nine.timestamp())}.000001"]
