"""How the Slack of our tests delivers: signed, within three seconds, again where it must, by sockets that may break."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from servers.slack import COMMAND, EVENT, FakeSlack, User
from servers.slack_apps import Payload, Serve, client_of, over_http, over_socket

MENTION = {"type": "app_mention", "user": "U1", "text": "hi", "ts": "1.000001", "channel": "C1"}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


@pytest.fixture
def mei(slack: FakeSlack) -> User:
    return slack.add_user("mei")


@pytest.fixture(params=[over_socket, over_http])
def serve(request: pytest.FixtureRequest) -> Serve:
    chosen: Serve = request.param
    return chosen


async def hello(_kind: str, _payload: Payload) -> Payload:
    return {"text": "hello"}


async def test_an_event_that_is_not_acknowledged_comes_again(slack: FakeSlack, serve: Serve) -> None:
    heard: list[str] = []

    async def app(_kind: str, payload: Payload) -> None:
        heard.append(payload["event_id"])
        if len(heard) < 3:
            await asyncio.sleep(0.15)

    slack.patience, slack.retry_delays = 0.05, (0.0, 0.01, 0.01)
    async with serve(slack, app):
        first = await slack.event(MENTION)
        assert await slack.until(lambda: slack.deliveries[-1].acked, 5)
        await asyncio.sleep(0.1)
    assert (first.trouble, first.acked) == ("timeout", False)
    assert heard == [first.payload["event_id"]] * 3
    assert [delivery.retry for delivery in slack.deliveries] == [None, (1, "timeout"), (2, "timeout")]
    assert slack.violations == ["app_mention: not acknowledged within 0.05 s"] * 2


async def test_what_was_delivered_can_be_replayed(slack: FakeSlack, serve: Serve, mei: User) -> None:
    async with serve(slack, hello):
        seen = await slack.slash(mei, slack.add_channel("news", mei), "screenings")
        assert seen.delivery
        again = await slack.replay(seen.delivery)
    assert again.ack == {"text": "hello"}
    assert (again.payload, again.raw, again.headers) == (
        seen.delivery.payload,
        seen.delivery.raw,
        seen.delivery.headers,
    )


async def test_an_app_that_is_not_there_is_told_to_the_person(slack: FakeSlack, mei: User) -> None:
    news = slack.add_channel("news", mei)
    assert (await slack.slash(mei, news, "screenings")).trouble == "dispatch_failed"
    slack.over_http("http://127.0.0.1:9/slack/events")
    assert (await slack.slash(mei, news, "screenings")).trouble == "dispatch_failed"
    assert [delivery.trouble for delivery in slack.deliveries] == ["not_connected", "connection_failed"]


async def test_a_delivery_can_be_forged_late_or_altered(slack: FakeSlack) -> None:
    body = {"command": "/tipfacts", "text": "screenings"}
    async with over_http(slack, hello):
        url = slack.courier.request_url
        assert url
        right = await slack.deliver(url, body, COMMAND)
        wrong = await slack.deliver(url, body, COMMAND, secret="another")  # noqa: S106
        old = await slack.deliver(url, body, COMMAND, at=int(slack.world.now().timestamp()) - 301)
        unsigned = await slack.deliver(url, body, COMMAND, headers={"X-Slack-Signature": ""})
        altered = await slack.deliver(url, b"text=a", COMMAND, headers=slack.signed(b"text=b", "text/plain"))
    assert [answer.status for answer in (right, wrong, old, unsigned, altered)] == [200, 401, 401, 401, 401]
    assert right.json == {"text": "hello"}


async def test_slack_checks_an_address_before_it_delivers_there(slack: FakeSlack) -> None:
    async with over_http(slack, hello):
        url = slack.courier.request_url
        assert url
        assert await slack.verify_url(url)
        assert (await slack.ssl_check(url)).ok


async def test_a_connection_is_refreshed_without_losing_what_comes(slack: FakeSlack, mei: User) -> None:
    news = slack.add_channel("news", mei)
    async with over_socket(slack, hello):
        (old,) = slack.sockets.links
        await slack.disconnect()
        await slack.connected()
        assert old not in slack.sockets.links
        assert (await slack.slash(mei, news, "screenings")).text == "hello"
        slack.cut()
        assert await slack.until(lambda: not slack.sockets.links, 5)
        await slack.connected()
        assert (await slack.slash(mei, news, "screenings")).text == "hello"


async def test_several_connections_share_what_comes(slack: FakeSlack, mei: User) -> None:
    news = slack.add_channel("news", mei)
    async with over_socket(slack, hello), over_socket(slack, hello):
        await slack.connected(2)
        for _ in range(4):
            await slack.slash(mei, news, "screenings")
        assert [link.sent for link in slack.sockets.links] == [2, 2]


async def test_a_socket_opens_with_its_own_ticket_and_says_hello(slack: FakeSlack) -> None:
    opened = await client_of(slack).apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(opened["url"]) as socket:
            assert (await socket.receive_json(timeout=5))["type"] == "hello"
            await socket.send_json({"envelope_id": "made-up"})
            assert await slack.until(lambda: bool(slack.violations), 5)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(opened["url"])


async def test_an_acknowledgement_of_an_event_takes_no_payload(slack: FakeSlack) -> None:
    async with over_socket(slack, hello):
        assert (await slack.event(MENTION)).ack == {}
    assert slack.violations == ["app_mention: its acknowledgement takes no payload"]


async def test_an_event_names_its_workspace_and_the_bot(slack: FakeSlack, serve: Serve) -> None:
    other = slack.add_team("Elsewhere")

    async def app(kind: str, payload: Payload) -> None:
        assert kind == EVENT
        assert (payload["team_id"], payload["authorizations"][0]["user_id"]) == (other.id, other.bot.id)

    async with serve(slack, app):
        assert (await slack.event(MENTION, team=other)).acked


async def test_posts_that_come_too_fast_are_recorded(slack: FakeSlack) -> None:
    slack.seconds_between_posts = 60.0
    news = slack.add_channel("news")
    for channel in (news, slack.add_channel("other"), news):
        await client_of(slack).chat_postMessage(channel=channel.id, text="hi")
    assert len(slack.violations) == 1
    assert news.id in slack.violations[0]
