"""What people type and press, over a real socket into a real installation, and what they are shown."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from servers.slack import Channel, FakeSlack, Seen, User
from slack_app import SlackApp, slack_app

from adapters.slack import listeners as module
from adapters.slack import pages, posting
from bot.domain.changes import SetFactStanding
from bot.domain.facts import Standing
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, Heading
from bot.messages.exchange import Kind, Message, Reply, Request


@dataclass
class Desk:
    """A workspace with an editor, a reader and a channel, served by tipfacts."""

    app: SlackApp
    slack: FakeSlack
    mei: User  # may write the library
    ann: User
    news: Channel

    async def ask(self, text: str, user: User | None = None) -> Seen:
        return await self.slack.slash(user or self.mei, self.news, text)

    async def ask_late(self, text: str, user: User | None = None) -> Seen:
        """Ask what is not answered in the acknowledgement, and wait for what comes behind it."""
        mark = self.slack.mark()
        first = await self.ask(text, user)
        seen = await self.slack.look(user or self.mei, lambda now: len(now.new) > 1, since=mark)
        seen.delivery = first.delivery
        return seen

    def written(self) -> int:
        """How much was written by mei."""
        with self.app.store.read() as library:
            return sum(entry.actor == f"slack:{self.slack.team.id}/{self.mei.id}" for entry in library.log(50))

    def slow(self, seconds: float) -> None:
        """Let every reply take that long."""
        handle = self.app.service.handle

        async def later(request: Request, *, read_only: bool = False) -> Reply:
            await asyncio.sleep(seconds)
            return await handle(request, read_only=read_only)

        self.app.service.handle = later  # type: ignore[method-assign]

    def home_offers(self, *lines: str) -> None:
        """Let Home tabs have buttons for these lines."""

        async def home(request: Request) -> Message:  # noqa: ARG001 (as the service has it)
            choices = Choices(tuple(Choice(line, line) for line in lines))
            return Message(Kind.HELP, Document(Locale.EN, (Heading("Home"), choices)))

        self.app.service.home = home  # type: ignore[method-assign]

    def broken(self) -> None:
        """Let every reply fail in a way that nobody foresaw."""

        async def fail(request: Request, *, read_only: bool = False) -> Reply:  # noqa: ARG001 (as the service has them)
            raise RuntimeError("a fault of our own, with xoxb-1-secret in it")

        self.app.service.handle = fail  # type: ignore[method-assign]


@pytest.fixture(params=["http", "socket"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(module, "BUDGET", 2.5)  # Slack waits for three seconds, and the machine may be busy
    async with FakeSlack() as slack:
        mei, ann = slack.add_user("mei"), slack.add_user("ann", locale="zh-TW")
        news = slack.add_channel("news", mei, ann)
        admins = frozenset({f"slack:{slack.team.id}/{mei.id}"})
        async with slack_app(slack, tmp_path, http=request.param == "http", admins=admins) as app:
            yield Desk(app, slack, mei, ann, news)
        assert slack.violations == []


STATEMENT = {"speaker": "HKSAR Government", "date": "20 July 2022", "title": "HKSAR Government responds again"}
FACT = {
    "topic": "screenings",
    "text": "The HKSAR Government said that around 7,700 initial screenings were conducted in 2021.",
    "value": "around 7 700",
    "period": "2021",
}


async def to_review(desk: Desk) -> Seen:
    """Fill the form of `add` in up to its last step."""
    seen = await desk.ask("add")
    seen = await desk.slack.submit(seen, STATEMENT)
    return await desk.slack.submit(seen, FACT, option="Review")


async def test_a_slash_command_is_answered_in_its_acknowledgement_to_the_asker_alone(desk: Desk) -> None:
    seen = await desk.ask("screenings")
    assert seen.delivery
    assert "11,000" in seen.delivery.ack["text"]
    assert seen.delivery.ack["response_type"] == "ephemeral"
    assert {"History", "Source", "Share in channel"} <= set(seen.buttons)
    assert desk.slack.messages(desk.news) == []
    assert desk.slack.called("chat.postMessage") == []


async def test_a_reply_is_in_the_language_of_who_asks(desk: Desk) -> None:
    seen = await desk.ask("screenings", desk.ann)
    assert "名" in seen.text or "宗" in seen.text or "初步" in seen.text


async def test_whatever_the_command_is_called_it_is_answered(desk: Desk) -> None:
    seen = await desk.slack.slash(desk.mei, desk.news, "screenings", command="/tipfacts-dev")
    assert "11,000" in seen.text


async def test_an_answer_that_takes_long_comes_behind_its_acknowledgement(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUDGET", 0.05)
    desk.slow(0.3)
    for user, wait, answer in ((desk.mei, "One moment", "11,000"), (desk.ann, "請稍候", "11,000次")):
        seen = await desk.ask_late("screenings", user)
        assert seen.delivery
        assert seen.delivery.ack["response_type"] == "ephemeral"
        assert wait in seen.delivery.ack["text"]
        assert answer in seen.ephemerals[-1].text
        assert seen.messages == []
    assert len(desk.slack.called("response_url")) == 2


async def test_a_fault_of_ours_is_told_with_a_reference_that_is_in_the_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.broken()
    for seen in (
        await desk.ask("screenings"),
        await desk.slack.mention(desk.mei, desk.news, "screenings"),
        await desk.slack.dm(desk.mei, "screenings"),
    ):
        assert "Something went wrong" in seen.text
        assert "fault of our own" not in seen.text
        reference = seen.text.rpartition("Reference: ")[2].strip()
        assert reference in caplog.text


async def test_a_fault_of_ours_in_a_form_is_told_in_the_form(desk: Desk) -> None:
    seen = await desk.ask("add")
    desk.broken()
    seen = await desk.slack.submit(seen, STATEMENT)
    assert "Reference: " in seen.words


async def test_a_fault_of_ours_after_a_press_is_told_to_who_pressed(desk: Desk) -> None:
    seen = await desk.ask("screenings")
    desk.broken()
    assert "Reference: " in (await desk.slack.press(seen, "History")).text


async def test_a_button_asks_its_line_for_who_presses_and_leaves_the_first_answer(desk: Desk) -> None:
    seen = await desk.ask("screenings")
    history = await desk.slack.press(seen, "History")
    assert "screenings" in history.text
    assert len(desk.slack.shown_to(desk.mei)) == 2


async def test_an_answer_is_shared_once_however_often_it_is_pressed(desk: Desk) -> None:
    seen = await desk.ask("screenings")
    shared = await desk.slack.press(seen, "Share in channel")
    again = await desk.slack.press(seen, "Share in channel")
    (message,) = desk.slack.messages(desk.news)
    assert "Shared by mei" in message.text
    assert "screenings" in message.text
    assert "11,000" in message.text
    assert message.blocks
    assert "Shared in the channel." in shared.text
    assert "shared already" in again.text


async def test_two_presses_at_once_share_once(desk: Desk) -> None:
    seen = await desk.ask("screenings")
    await asyncio.gather(*(desk.slack.press(seen, "Share in channel") for _ in range(3)))
    assert len(desk.slack.messages(desk.news)) == 1


async def test_where_the_bot_is_no_member_an_answer_is_shared_as_a_reply(desk: Desk) -> None:
    desk.slack.kick(desk.news)
    seen = await desk.ask("screenings")
    shared = await desk.slack.press(seen, "Share in channel")
    (message,) = desk.slack.messages(desk.news)
    assert "Shared by mei" in message.text
    assert "Shared in the channel." in shared.text


async def test_a_share_that_slack_did_not_take_can_be_pressed_again(desk: Desk) -> None:
    seen = await desk.ask("screenings")
    desk.slack.fail("chat.postMessage", error="ratelimited", retry_after=1)
    assert "was not posted" in (await desk.slack.press(seen, "Share in channel")).text
    await asyncio.sleep(1)
    assert "Shared in the channel." in (await desk.slack.press(seen, "Share in channel")).text
    assert len(desk.slack.messages(desk.news)) == 1


async def test_pages_are_turned_in_place_and_are_shared_from_the_first(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_TEXT", 700)
    seen = await desk.ask("screenings")
    first = seen.text
    turned = await desk.slack.press(seen, "Next")
    (shown,) = desk.slack.shown_to(desk.mei)
    assert shown.text != first
    assert "Back" in turned.buttons
    assert "Share in channel" not in turned.buttons
    back = await desk.slack.press(turned, "Back")
    await desk.slack.press(back, "Share in channel")
    back = await desk.slack.press(await desk.slack.press(back, "Next"), "Back")
    assert "shared already" in (await desk.slack.press(back, "Share in channel")).text
    assert len(desk.slack.messages(desk.news)) == 1


async def test_a_page_that_all_see_is_turned_for_who_presses_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_TEXT", 700)
    seen = await desk.slack.mention(desk.mei, desk.news, "screenings")
    turned = await desk.slack.press(seen, "Next", user=desk.ann)
    assert len(turned.ephemerals) == 1
    assert desk.slack.messages(desk.news)[0].was == []


async def test_a_mention_is_answered_in_its_thread_where_a_follow_up_keeps_the_topic(desk: Desk) -> None:
    seen = await desk.slack.mention(desk.mei, desk.news, "how many victims in 2023?")
    (answer,) = seen.messages
    asked = desk.news.messages[0]
    assert answer.thread_ts == asked.ts
    assert "victims" in answer.text
    seen = await desk.slack.mention(desk.ann, desk.news, "and in 2021?", thread_ts=asked.ts)
    assert "2021" in seen.text
    assert "how many victims in 2023?" in seen.text
    assert all(message.thread_ts == asked.ts for message in desk.slack.messages(desk.news))


async def test_another_thread_has_another_topic(desk: Desk) -> None:
    await desk.slack.mention(desk.mei, desk.news, "how many victims in 2023?")
    seen = await desk.slack.mention(desk.mei, desk.news, "and in 2021?")
    assert "how many victims in 2023?" not in seen.text


async def test_help_and_errors_in_a_channel_are_shown_to_who_asked_alone(desk: Desk) -> None:
    seen = await desk.slack.mention(desk.ann, desk.news, "help")
    assert seen.messages == []
    assert seen.ephemerals
    seen = await desk.slack.mention(desk.ann, desk.news, "grant @U1 editor")
    assert (seen.messages, len(seen.ephemerals)) == ([], 1)


async def test_an_event_that_slack_tells_twice_is_answered_once(desk: Desk) -> None:
    await desk.slack.mention(desk.mei, desk.news, "screenings", retry=True)
    await desk.slack.dm(desk.mei, "screenings", retry=True)
    await asyncio.sleep(0.2)
    assert len(desk.slack.messages(desk.news)) == 1
    assert len(desk.slack.messages(desk.mei)) == 1


async def test_a_direct_message_is_answered_and_goes_on(desk: Desk) -> None:
    seen = await desk.slack.dm(desk.mei, "how many victims in 2023?")
    assert "victims" in seen.messages[0].text
    seen = await desk.slack.dm(desk.mei, "and in 2021?")
    assert "how many victims in 2023?" in seen.text
    help_ = await desk.slack.dm(desk.mei, "help")
    assert help_.messages  # an ephemeral message would be gone when Slack is loaded again


async def test_a_press_in_direct_messages_is_answered_so_that_it_stays(desk: Desk) -> None:
    seen = await desk.slack.dm(desk.mei, "screenings")
    assert "Share in channel" not in seen.buttons
    history = await desk.slack.press(seen, "History", user=desk.mei)
    assert len(history.messages) == 1
    assert history.ephemerals == []


async def test_a_press_on_what_all_see_is_answered_to_who_presses(desk: Desk) -> None:
    seen = await desk.slack.mention(desk.mei, desk.news, "screenings")
    history = await desk.slack.press(seen, "History", user=desk.ann)
    assert history.messages == []
    assert len(history.ephemerals) == 1
    assert history.ephemerals[0].user == desk.ann.id


async def test_bots_are_not_answered(desk: Desk) -> None:
    robot = desk.slack.add_user("robot", is_bot=True)
    desk.news.members.add(robot.id)
    seen = await desk.slack.mention(robot, desk.news, "screenings", wait=0.2)
    assert seen.new == []


async def test_the_home_tab_says_who_one_is_and_its_buttons_reply_in_a_modal(desk: Desk) -> None:
    seen = await desk.slack.open_home(desk.mei)
    assert "admin" in seen.words
    assert "reader" not in seen.words
    assert "讀者" in (await desk.slack.open_home(desk.ann)).words


async def test_a_button_on_the_home_tab_is_answered_in_a_modal_or_else_in_direct_messages(desk: Desk) -> None:
    desk.home_offers("screenings", "add", "unsubscribe")
    home = (await desk.slack.open_home(desk.mei)).home
    assert home
    assert "11,000" in (await desk.slack.press(home, "screenings")).words
    seen = await desk.slack.press(home, "add")
    assert seen.view
    assert seen.view.title == "Add a statement"
    desk.slack.fail("views.open", error="expired_trigger_id", times=2)
    assert "11,000" in (await desk.slack.press(home, "screenings")).messages[0].text
    assert "press the button" in (await desk.slack.press(home, "add")).messages[0].text


async def test_a_home_tab_is_brought_up_to_date_when_its_button_changed_something(desk: Desk) -> None:
    desk.home_offers("screenings", "subscribe daily at 09:00")
    home = (await desk.slack.open_home(desk.mei)).home
    assert home
    await desk.slack.press(home, "screenings")
    assert len(desk.slack.called("views.publish")) == 1
    await desk.slack.press(home, "subscribe daily at 09:00")
    assert "Digests on all topics come" in desk.slack.messages(desk.mei)[0].text
    assert await desk.slack.until(lambda: len(desk.slack.called("views.publish")) == 2, 5)


async def test_a_form_is_filled_in_step_by_step_and_adds_once(desk: Desk) -> None:
    review = await to_review(desk)
    assert review.view
    assert "7,700" in review.words
    done = await desk.slack.submit(review, option="Add it")
    assert "Added as" in done.words
    before = desk.written()
    assert done.delivery
    again = await desk.slack.replay(done.delivery)
    assert again.acked
    assert "Added as" in json.dumps(again.ack)
    assert desk.written() == before == 3  # the source, the statement and its fact


async def test_what_is_wrong_is_said_on_the_field(desk: Desk) -> None:
    seen = await desk.ask("add")
    seen = await desk.slack.submit(seen, STATEMENT | {"date": "some day"})
    assert list(seen.errors) == ["date"]
    seen = await desk.slack.submit(seen, STATEMENT)
    assert seen.errors == {}
    assert seen.view
    assert seen.view.title == "Fact 1"


async def test_a_form_whose_subject_changed_meanwhile_is_shown_anew(desk: Desk) -> None:
    seen = await desk.ask("withdraw F1")
    for version, standing in ((1, Standing.WITHDRAWN), (2, Standing.CURRENT)):
        desk.app.store.apply(SetFactStanding(1, version, standing, "A slip."), by="console", at=datetime.now(UTC))
    seen = await desk.slack.submit(seen, {"reason": "It was retracted."})
    assert "changed meanwhile" in seen.words
    seen = await desk.slack.submit(seen, {"reason": "It was retracted."})
    assert "F1 is withdrawn" in seen.words


async def test_what_a_form_carries_may_be_more_than_slack_has_room_for(desk: Desk) -> None:
    seen = await desk.ask("add")
    seen = await desk.slack.submit(seen, STATEMENT | {"title": "T" * 300})
    for number in range(3):
        fact = FACT | {"text": f"Around 7,700 screenings & <more> were done in 2021, {number}: " + "字" * 600}
        seen = await desk.slack.submit(seen, fact, option="Add another fact")
        assert seen.view
        assert len(seen.view.shown["private_metadata"]) <= 3_000
    seen = await desk.slack.submit(seen, FACT | {"period": "2020"}, option="Review")
    seen = await desk.slack.submit(seen, option="Add it")
    assert "Added as" in seen.words


async def test_a_form_that_takes_long_lets_its_sender_wait_and_then_tells(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UPDATE_PAUSE", 0.1)
    form = await desk.ask("add")
    monkeypatch.setattr(module, "BUDGET", 0.05)
    desk.slow(0.3)
    seen = await desk.slack.submit(form, STATEMENT)
    assert "One moment" in seen.words
    seen = await desk.slack.look(desk.mei, until=lambda now: now.view is not None and now.view.title == "Fact 1")
    assert seen.view


async def test_what_a_closed_form_came_to_is_told_in_the_channel_to_its_sender(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "UPDATE_PAUSE", 0.1)
    review = await to_review(desk)
    monkeypatch.setattr(module, "BUDGET", 0.05)
    desk.slow(0.2)
    seen = await desk.slack.submit(review, option="Add it")
    assert seen.view
    desk.slack.views.close(seen.view)
    mark = desk.slack.mark()
    told = await desk.slack.look(desk.mei, until=lambda now: "Added as" in now.text, since=mark)
    assert told.ephemerals


async def test_a_form_that_slack_would_not_open_can_be_opened_by_a_press(desk: Desk) -> None:
    desk.slack.fail("views.open", error="expired_trigger_id")
    seen = await desk.ask("add")
    assert seen.view is None
    assert "press the button" in seen.text
    opened = await desk.slack.press(seen, "Add a statement")
    assert opened.view
    assert opened.view.title == "Add a statement"


async def test_a_form_asked_for_in_a_mention_or_a_direct_message_is_opened_by_a_press(desk: Desk) -> None:
    for seen in (await desk.slack.mention(desk.mei, desk.news, "add"), await desk.slack.dm(desk.mei, "add")):
        opened = await desk.slack.press(seen, "Add a statement", user=desk.mei)
        assert opened.view
        assert opened.view.title == "Add a statement"


async def test_who_may_not_write_gets_no_form(desk: Desk) -> None:
    seen = await desk.ask("add", desk.ann)
    assert seen.view is None
    assert seen.ephemerals


async def test_a_subscription_is_confirmed_in_the_channel(desk: Desk) -> None:
    seen = await desk.ask("subscribe screenings weekly Monday at 09:00 Europe/London")
    (message,) = desk.slack.messages(desk.news)
    assert "Europe/London" in message.text
    assert seen.ephemerals == []
    assert await desk.app.service.public_locale(Address(Platform.SLACK, desk.slack.team.id, desk.news.id))


async def test_a_bare_subscribe_asks_with_a_form_that_closes_when_the_channel_was_told(desk: Desk) -> None:
    seen = await desk.ask("subscribe")
    assert seen.view
    seen = await desk.slack.submit(seen, {"at": "nine-ish"})
    assert list(seen.errors) == ["at"]
    seen = await desk.slack.submit(seen, {"at": "09:30"}, wait=1)
    assert desk.slack.view_of(desk.mei) is None
    assert "09:30" in desk.slack.messages(desk.news)[0].text


async def test_a_channel_without_the_bot_is_not_subscribed(desk: Desk) -> None:
    desk.slack.kick(desk.news)
    seen = await desk.ask("subscribe daily at 09:00")
    assert "/invite @tipfacts" in seen.text
    assert await desk.app.service.public_locale(Address(Platform.SLACK, desk.slack.team.id, desk.news.id)) is None


async def test_one_press_unsubscribes(desk: Desk) -> None:
    await desk.ask("subscribe daily at 09:00")
    confirmation = desk.slack.messages(desk.news)[0]
    await desk.slack.press(confirmation, "Unsubscribe", user=desk.mei)
    assert "no more digests" in desk.slack.messages(desk.news)[-1].text


async def test_the_same_delivery_acts_once(desk: Desk) -> None:
    seen = await desk.ask("subscribe daily at 09:00")
    assert seen.delivery
    await desk.slack.replay(seen.delivery)
    await asyncio.sleep(0.1)
    assert len(desk.slack.messages(desk.news)) == 1


async def test_another_workspace_is_told_that_nobody_serves_it(desk: Desk) -> None:
    await desk.app.clients.check()
    stranger = desk.slack.add_user("stranger", team=desk.slack.add_team("Other Desk"))
    elsewhere = desk.slack.add_channel("else", stranger, team=desk.slack.world.teams[stranger.team])
    seen = await desk.slack.slash(stranger, elsewhere, "screenings")
    assert "not set up for this workspace" in seen.text
    assert (await desk.slack.dm(stranger, "screenings", wait=0.2)).new == []


async def test_a_reply_that_slack_asks_to_hold_back_comes_a_little_later(desk: Desk) -> None:
    desk.slack.fail("chat.postMessage", error="ratelimited", retry_after=1)
    seen = await desk.slack.mention(desk.mei, desk.news, "screenings")
    assert "11,000" in seen.text


PASSING: list[dict[str, Any]] = [
    {"status": 503},
    {"drop": True},
    {"lose_reply": True},
    {"error": "internal_error"},
    {"error": "ratelimited", "retry_after": 1},
]


@pytest.mark.parametrize("failure", PASSING)
async def test_a_passing_fault_costs_nobody_an_answer(
    desk: Desk, failure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "FIRST_PAUSE", 0.05)
    desk.slack.fail("chat.postMessage", **failure)
    assert "11,000" in (await desk.slack.mention(desk.mei, desk.news, "screenings", wait=3)).text
    desk.slack.fail("chat.postMessage", **failure)
    assert "11,000" in (await desk.slack.dm(desk.mei, "screenings", wait=3)).text
    desk.slack.fail("chat.postEphemeral", **failure)
    assert (await desk.slack.mention(desk.mei, desk.news, "help", wait=3)).ephemerals
    desk.slack.fail("views.publish", **failure)
    assert "admin" in (await desk.slack.open_home(desk.mei)).words
    assert len(desk.slack.messages(desk.news)) == 1
    assert len(desk.slack.messages(desk.mei)) == 1


async def test_an_answer_that_may_be_lost_where_nobody_may_look_is_told_of(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "FIRST_PAUSE", 0.05)
    desk.slack.team.scopes -= {"channels:history"}
    desk.slack.fail("chat.postMessage", status=503)
    seen = await desk.slack.mention(desk.mei, desk.news, "screenings", wait=3)
    assert "Slack did not confirm my answer" in seen.text
    assert seen.messages == []


REPLY_LOST: list[dict[str, Any]] = [{"status": 500}, {"drop": True}, {"error": "expired_url", "status": 404}]


@pytest.mark.parametrize("failure", REPLY_LOST)
async def test_a_press_is_answered_beside_where_its_reply_is_not_taken(desk: Desk, failure: dict[str, Any]) -> None:
    seen = await desk.ask("screenings")
    desk.slack.fail("response_url", **failure)
    assert "screenings" in (await desk.slack.press(seen, "History", wait=3)).text
    assert len(desk.slack.called("chat.postEphemeral")) == 1
    seen = await desk.slack.dm(desk.mei, "screenings")
    desk.slack.fail("response_url", **failure)
    assert len((await desk.slack.press(seen, "History", user=desk.mei, wait=3)).messages) == 1


@pytest.mark.parametrize("failure", REPLY_LOST)
async def test_a_late_answer_comes_beside_where_its_reply_is_not_taken(
    desk: Desk, failure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUDGET", 0.05)
    desk.slow(0.2)
    desk.slack.fail("response_url", **failure)
    assert "11,000" in (await desk.ask_late("screenings")).ephemerals[-1].text
    assert len(desk.slack.called("chat.postEphemeral")) == 1


async def test_where_the_bot_is_no_member_what_finds_no_other_way_comes_in_direct_messages(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.slack.kick(desk.news)
    answer = await desk.ask("screenings")
    desk.slack.fail("response_url", status=404, error="expired_url")
    pressed = await desk.slack.press(answer, "History", wait=3)
    assert "screenings" in pressed.messages[0].text
    monkeypatch.setattr(module, "BUDGET", 0.05)
    desk.slow(0.2)
    desk.slack.fail("response_url", status=404, error="expired_url")
    assert "11,000" in (await desk.ask_late("screenings")).messages[0].text
    assert len(desk.slack.messages(desk.mei)) == 2
    assert desk.slack.messages(desk.news) == []


async def test_no_secret_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "adapters")
    caplog.set_level(logging.DEBUG, "bot")
    desk.slack.fail("chat.postMessage", error="invalid_auth")
    desk.slack.fail("views.open", lose_reply=True)
    desk.slack.fail("response_url", status=500)
    await desk.slack.mention(desk.mei, desk.news, "screenings", wait=0.3)
    await desk.slack.press(await desk.ask("screenings"), "History", wait=0.3)
    await desk.ask("add")
    await desk.slack.disconnect()
    await desk.ask("screenings")
    urls = [str(delivery.payload.get("response_url", "-")) for delivery in desk.slack.deliveries]
    kept = [desk.slack.bot_token, desk.slack.app_token, desk.slack.signing_secret, "ticket=", *urls]
    told = caplog.text + json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert not [word for word in kept if len(word) > 1 and word in told]
