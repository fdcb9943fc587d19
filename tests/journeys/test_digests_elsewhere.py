"""Asking about another channel's digests: whose business they are may, from wherever they are; nobody else hears."""

from dataclasses import replace
from datetime import timedelta

import pytest
from library import MONDAY, Desk, Recorder, add_statement_of_2022

from bot.core import Bot
from bot.digests.sender import Sender
from bot.domain.changes import GrantRole
from bot.domain.digests import Refused, Unsure
from bot.domain.people import DIRECT, Actor, Address, Platform, Role
from bot.messages.document import Entries
from bot.messages.exchange import Kind
from bot.messages.names import Name
from bot.messages.plain import plain_text
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
BOB = replace(ANN, user="UBOB", display_name="Bob")
NEWS, OTHER = Address(Platform.SLACK, "T1", "C1NEWS"), Address(Platform.SLACK, "T1", "C2OTHER")
HER_MESSAGES = Address(Platform.SLACK, "T1", "D1", user="UANN")
NINE = MONDAY + timedelta(hours=1)
NOT_THERE = "I know of no subscription of yours there."
LINES = ["digest why #C1NEWS", "digest why <#C1NEWS|news>", "digest preview #C1NEWS", "摘要 原因 <#C1NEWS|news>"]


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """The owner of a channel's subscription, somewhere else now."""
    owner = replace(desk, bot=Bot(desk.store, Settings()), actor=ANN, address=NEWS)
    owner.say("subscribe screenings")
    add_statement_of_2022(desk)
    return replace(owner, address=OTHER)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("where", [OTHER, HER_MESSAGES, replace(OTHER, thread="171.1"), NEWS])
def test_its_owner_is_told_from_anywhere_which_channel_and_what_of_it(ann: Desk, where: Address, line: str) -> None:
    reply = replace(ann, address=where).say(line)
    assert reply.kind is Kind.HELP
    names = [each.text for block in reply.document.blocks if isinstance(block, Entries) for each in block.entries]
    shown = [(each.id, each.platform) for each in names if isinstance(each, Name)]
    assert shown == ([] if where == NEWS else [("C1NEWS", Platform.SLACK)])
    assert ("7,700" in plain_text(reply.document)) is ("preview" in line)


def test_an_editor_of_the_workspace_is_told_of_any_channel_and_one_of_another_is_not(ann: Desk) -> None:
    ann.store.apply(GrantRole(BOB.name, Role.EDITOR), by="console", at=ann.now)
    assert "Next run: Mon 23 November 2026 09:00" in replace(ann, actor=BOB).text("digest why #C1NEWS")
    far = replace(BOB, space="T2")
    ann.store.apply(GrantRole(far.name, Role.EDITOR), by="console", at=ann.now)
    assert replace(ann, actor=far, address=replace(OTHER, space="T2")).text(LINES[0]).startswith(NOT_THERE)


@pytest.mark.parametrize(
    "stranger",
    [
        BOB,
        replace(BOB, may_manage_channel=True),  # the one it is asked in, and no other
        replace(ANN, space="T2"),
        Actor(Platform.DISCORD, "T1", "UANN", "Ann"),
        Actor(Platform.DISCORD, DIRECT, "UANN", "Ann"),
    ],
)
@pytest.mark.parametrize("line", LINES)
def test_nobody_else_is_told_more_than_where_there_is_none(ann: Desk, stranger: Actor, line: str) -> None:
    where = Address(stranger.platform, stranger.space, "C2OTHER")
    asked = replace(ann, actor=stranger, address=where)
    reply, nothing = asked.say(line), asked.say(line.replace("C1NEWS", "C7NONE"))
    assert reply.kind is Kind.ERROR
    assert reply.document == nothing.document


def test_a_channel_of_the_same_id_elsewhere_is_not_taken_for_it(ann: Desk) -> None:
    theirs = replace(ANN, space="T2", user="UEVE")
    replace(ann, actor=theirs, address=replace(NEWS, space="T2")).say("subscribe victims weekly friday")
    assert "Next run: Mon 23 November" in ann.text("digest why #C1NEWS")
    asked = replace(ann, actor=theirs, address=replace(OTHER, space="T2"))
    assert "Next run: Fri 27 November" in asked.text("digest why #C1NEWS")


def test_who_owns_a_server_s_subscription_asks_from_direct_messages(desk: Desk) -> None:
    owner = Actor(Platform.DISCORD, "9", "42", "Ann", may_manage_channel=True)
    ann = replace(desk, bot=Bot(desk.store, Settings()), actor=owner, address=Address(Platform.DISCORD, "9", "8"))
    ann.say("subscribe screenings")
    messages = Address(Platform.DISCORD, DIRECT, "42", user="42")
    direct = replace(ann, actor=Actor(Platform.DISCORD, DIRECT, "42", "Ann"), address=messages)
    assert "Next run: Mon 23 November 2026 09:00" in direct.text("digest why <#8>")
    eve = replace(direct, actor=Actor(Platform.DISCORD, DIRECT, "43", "Eve"))
    assert eve.text("digest why <#8>").startswith(NOT_THERE)


async def test_from_elsewhere_it_is_said_where_to_type_and_nothing_is_offered_that_is_about_here(ann: Desk) -> None:
    gone = Recorder([Refused("is_archived", gone=True)])
    await Sender(ann.store, {Platform.SLACK: gone}, lambda: NINE).tick()
    ann.now = NINE + timedelta(minutes=2)
    why = ann.text("digest why #C1NEWS")
    line = "/tipfacts subscribe screenings daily at 09:00 Asia/Hong_Kong"
    assert f"The subscription is paused: the channel is archived. Type “{line}” there to take it up again." in why
    preview = ann.say("digest preview #C1NEWS")
    assert "7,700" in plain_text(preview.document)
    assert [each.query for each in preview.document.choices] == []  # not to unsubscribe the channel it is asked in


async def test_what_may_be_lost_there_is_decided_on_from_elsewhere(ann: Desk) -> None:
    class Mute(Recorder):
        async def find(self, *_: object) -> str | None:
            raise LookupError("missing_scope")

    slack = Mute([Unsure("Slack did not reply")])
    for hours in (0, 1):
        at = NINE + timedelta(hours=hours)
        await Sender(ann.store, {Platform.SLACK: slack}, lambda at=at: at).tick()  # type: ignore[misc]
    ann.now = NINE + timedelta(hours=2)
    for line in ("digest why #C1NEWS", "digest preview #C1NEWS"):
        queries = [each.query for each in ann.say(line).document.choices]
        assert queries == ["digest resend D1", "digest arrived D1"]
    assert "is there" in ann.text("digest arrived D1")


def test_a_test_is_posted_in_the_channel_it_is_typed_in_and_in_no_other(ann: Desk) -> None:
    assert "Write it like this: /tipfacts digest preview|why|test|resend|arrived" in ann.text("digest test #C1NEWS")
