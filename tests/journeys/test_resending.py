"""A digest of which nobody knows whether it stands in its channel: its owner is told once, looks, and decides."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from library import MONDAY, Desk, add_statement_of_2022

from bot.core import Bot
from bot.digests.sender import Sender
from bot.domain.digests import Attempt, DeliveryState, Posted, Unsure
from bot.domain.people import DIRECT, Actor, Address, Platform
from bot.messages.document import Choice, Choices, Document
from bot.messages.exchange import Kind
from bot.messages.plain import plain_text
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
BOB = replace(ANN, user="UBOB", display_name="Bob")
CHANNEL = Address(Platform.SLACK, "T1", "C1")
HER_MESSAGES = Address(Platform.SLACK, "T1", "UANN", user="UANN")
NINE = MONDAY + timedelta(hours=1)
LATER = NINE + timedelta(hours=1)


@dataclass
class Mute:
    """A platform that confirms nothing in the channel, and lets nobody look there."""

    confirms: bool = False
    posted: list[str] = field(default_factory=list)
    told: list[Document] = field(default_factory=list)

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        assert fence()
        if address == HER_MESSAGES:
            self.told.append(document)
            return Posted("m0")
        assert address == CHANNEL
        self.posted.append(nonce)
        return Posted("m1") if self.confirms else Unsure("no reply")

    def unshown(self, *_: object) -> frozenset[int]:
        return frozenset()

    async def find(self, *_: object) -> str | None:
        raise LookupError("missing_scope")


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """The owner of a subscription that is owed a digest at nine."""
    owner = replace(desk, bot=Bot(desk.store, Settings()), actor=ANN, address=CHANNEL)
    owner.say("subscribe screenings")
    add_statement_of_2022(desk)
    return owner


async def tick(desk: Desk, slack: Mute, at: datetime, *, sends_again: bool = False) -> None:
    await Sender(desk.store, {Platform.SLACK: slack}, lambda: at, sends_again=sends_again).tick()


async def lost(desk: Desk, slack: Mute) -> Choice:
    """Let the digest be posted or not, and return the button that its owner is shown."""
    await tick(desk, slack, NINE)
    await tick(desk, slack, LATER)
    (document,) = slack.told
    (options,) = (block.options for block in document.blocks if isinstance(block, Choices))
    return options[0]


def state(desk: Desk) -> DeliveryState:
    with desk.store.read() as library:
        held = library.subscription_at(CHANNEL)
        assert held
        return library.deliveries(held.id, 1)[0].state


async def test_what_nobody_may_look_for_is_not_sent_again_and_its_owner_is_told_once(ann: Desk) -> None:
    slack = Mute()
    button = await lost(ann, slack)
    assert (button.label, button.query) == ("Send it again", "digest resend D1")
    for hours in range(2, 50):
        await tick(ann, slack, NINE + timedelta(hours=hours))
    assert (len(slack.posted), len(slack.told), state(ann)) == (1, 1, DeliveryState.UNKNOWN)
    assert "“/tipfacts digest resend D1” sends it again" in ann.text("digest why")


@pytest.mark.parametrize("line", ["digest resend D1", "digest resend", "摘要 重發"])
async def test_its_owner_has_it_sent_again_once_by_button_or_line(ann: Desk, line: str) -> None:
    slack = Mute()
    await lost(ann, slack)
    slack.confirms = True
    ann.now = LATER
    where = replace(ann, address=HER_MESSAGES) if line.endswith("D1") else ann
    told = where.text(line)
    assert "is sent again within a minute" in told or "會在一分鐘內重發" in told
    await tick(ann, slack, LATER + timedelta(minutes=1))
    assert len(slack.posted) == len(set(slack.posted)) == 2
    assert state(ann) is DeliveryState.SENT
    again = where.say("digest resend D1")
    assert again.kind is Kind.ERROR
    assert "Nothing is to be decided about the digest of Mon 23 November 2026 09:00" in plain_text(again.document)
    assert "It was posted at" in plain_text(again.document)
    await tick(ann, slack, LATER + timedelta(hours=1))
    assert len(slack.posted) == 2


@pytest.mark.parametrize("line", ["digest arrived D1", "digest arrived", "摘要 已到"])
async def test_who_has_found_it_says_so_and_it_is_never_sent_again(ann: Desk, line: str) -> None:
    slack = Mute()
    await lost(ann, slack)
    ann.now = LATER
    assert "may or may not stand in the channel" in ann.text("digest preview")
    where = replace(ann, address=HER_MESSAGES) if line.endswith("D1") else ann
    told = where.text(line)
    assert "is there. It is not sent again." in told or "不會重發" in told
    assert state(ann) is DeliveryState.SENT
    why = ann.text("digest why")
    assert "It was posted: somebody looked for it, and found it." in why
    assert "may or may not" not in why + ann.text("digest preview")
    for again in ("digest resend D1", "digest arrived D1"):
        reply = ann.say(again)
        assert reply.kind is Kind.ERROR
        assert "It was posted: somebody looked for it, and found it." in plain_text(reply.document)
    await tick(ann, slack, LATER + timedelta(hours=1))
    assert len(slack.posted) == 1


async def test_what_it_showed_counts_as_shown_once_somebody_has_found_it(ann: Desk, desk: Desk) -> None:
    slack = Mute()
    await lost(ann, slack)
    ann.say("digest arrived")
    form = desk.form("correct F46")
    text = "Around 7,800 initial screenings were conducted in 2021."
    desk.finish(desk.next_form(form, "review", value="about 7,800", reason="recount", text=text), "confirm")
    ann.now = NINE + timedelta(days=1)
    assert "was approximately 7,700 initial screenings (2021), is approximately 7,800" in ann.text("digest preview")


@pytest.mark.parametrize("line", ["digest why", "digest preview"])
async def test_both_choices_are_offered_where_it_is_asked_for_to_whoever_may_decide(ann: Desk, line: str) -> None:
    await lost(ann, Mute())
    ann.now = LATER
    offered = {choice.query: choice.label for choice in ann.say(line).document.choices}
    assert offered["digest resend D1"] == "Send it again"
    assert offered["digest arrived D1"] == "It is there"
    stranger = replace(ann, actor=BOB)
    assert not [each for each in stranger.say(line).document.choices if "D1" in each.query]
    assert stranger.text("digest arrived") == "No digest of yours that was to come here may be lost."
    assert state(ann) is DeliveryState.UNKNOWN


async def test_its_owner_is_offered_both_choices_when_they_are_told(ann: Desk) -> None:
    slack = Mute()
    await lost(ann, slack)
    (document,) = slack.told
    assert [(each.label, each.query) for each in document.choices] == [
        ("Send it again", "digest resend D1"),
        ("It is there", "digest arrived D1"),
    ]


async def test_what_it_was_to_say_is_shown_as_the_library_stands_now_and_not_as_what_it_said(ann: Desk) -> None:
    await lost(ann, Mute())
    ann.now = LATER
    assert "This is what it was to say, as the library stands now:" in ann.text("digest preview")


async def test_one_that_stands_there_is_put_to_rest_also_where_no_more_digests_come(ann: Desk) -> None:
    await lost(ann, Mute())
    ann.say("unsubscribe")
    assert "It is not sent again" in replace(ann, address=HER_MESSAGES).text("digest arrived D1")


async def test_nobody_else_has_it_sent_again_or_hears_of_it(ann: Desk) -> None:
    slack = Mute()
    await lost(ann, slack)
    elsewhere = Actor(Platform.SLACK, "T2", "UANN", "another Ann")
    namesake = Actor(Platform.DISCORD, DIRECT, "UANN", "Ann in Discord")
    for actor in (BOB, elsewhere, namesake):
        stranger = replace(ann, actor=actor, address=Address(actor.platform, actor.space, "D9", user=actor.user))
        for line in ("digest resend D1", "digest resend D77", "digest arrived D1"):
            assert stranger.text(line) == f"There is no digest {line[-3:].strip()} of yours."
    assert state(ann) is DeliveryState.UNKNOWN


async def test_who_owns_a_subscription_of_a_server_sends_it_again_from_direct_messages(desk: Desk) -> None:
    owner = Actor(Platform.DISCORD, "9", "42", "Ann", may_manage_channel=True)
    channel = Address(Platform.DISCORD, "9", "8")
    ann = replace(desk, bot=Bot(desk.store, Settings()), actor=owner, address=channel)
    ann.say("subscribe screenings")
    add_statement_of_2022(desk)

    class Quiet(Mute):
        async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
            del document
            assert fence()
            self.posted.append(nonce)
            return Posted("m0") if address != channel else Unsure("no reply")

    quiet = Quiet()
    for at in (NINE, LATER):
        await Sender(desk.store, {Platform.DISCORD: quiet}, lambda at=at: at).tick()  # type: ignore[misc]
    messages = Address(Platform.DISCORD, DIRECT, "42", user="42")
    direct = replace(ann, actor=Actor(Platform.DISCORD, DIRECT, "42", "Ann"), address=messages)
    assert "is sent again within a minute" in direct.text("digest resend D1")


async def test_a_channel_that_gets_no_digests_any_more_gets_none_again(ann: Desk) -> None:
    await lost(ann, Mute())
    ann.say("unsubscribe")
    assert "subscribe it first" in replace(ann, address=HER_MESSAGES).text("digest resend D1")
    assert ann.text("digest resend") == "No digest of yours that was to come here may be lost."


async def test_where_the_setting_says_so_what_nobody_may_look_for_is_posted_again(ann: Desk) -> None:
    slack = Mute()
    await tick(ann, slack, NINE, sends_again=True)
    slack.confirms = True
    await tick(ann, slack, LATER, sends_again=True)
    assert (len(slack.posted), len(set(slack.posted)), state(ann)) == (2, 1, DeliveryState.SENT)
    assert slack.told == []


@pytest.mark.parametrize(
    ("sends_again", "promise"), [(False, "is not posted again"), (True, "may then stand there twice")]
)
def test_status_says_which_promise_holds(ann: Desk, *, sends_again: bool, promise: str) -> None:
    told = replace(ann, bot=Bot(ann.store, Settings(sends_again=sends_again))).text("status")
    assert promise in told
