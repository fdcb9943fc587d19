"""Who may do what: the first admin, editors, and a channel's subscription."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest
from library import CONSOLE, Desk

from bot.core import Bot, Decided
from bot.domain.changes import GrantRole
from bot.domain.people import Actor, Address, Platform, Role
from bot.messages.document import Entries, Paragraph, Table
from bot.messages.exchange import Kind, Message, Reply, Request
from bot.messages.names import Name
from bot.messages.plain import plain_text
from bot.operator import Operator
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "U0ANN001", "Ann")
BEN = Actor(Platform.SLACK, "T1", "U0BEN001", "Ben")
KIM = Actor(Platform.DISCORD, "G1", "80351110224678913", "Kim")
CHANNEL = Address(Platform.SLACK, "T1", "C1")


def slack(desk: Desk, actor: Actor) -> Desk:
    return replace(desk, bot=Bot(desk.store, Settings()), actor=actor, address=CHANNEL)


def test_the_operators_code_makes_the_first_admin_once(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    assert ann.say("claim 0000-0000-0000-0000").kind is Kind.ERROR
    assert ann.say(f"claim {code.lower()}").kind is Kind.DONE
    assert ben.say(f"claim {code}").kind is Kind.ERROR
    assert "slack:T1/U0ANN001 | admin" in ann.text("roles")


def test_a_code_is_worth_nothing_after_an_hour(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    late = slack(desk, ANN)
    late.now += timedelta(hours=1, seconds=1)
    assert late.say(f"claim {code}").kind is Kind.ERROR


def test_a_code_is_nowhere_in_the_store(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    assert code not in desk.text("log")


def test_an_admin_names_editors_and_the_last_admin_stays(desk: Desk) -> None:
    ann = slack(desk, ANN)
    ann.say(f"claim {Operator(desk.store).issue_claim_code(desk.now)}")
    assert ann.say("grant <@U0BEN001> editor").kind is Kind.DONE
    ben = slack(desk, BEN)
    assert "editor" in ben.text("status")
    assert ben.say("grant @U0BEN001 admin").kind is Kind.ERROR
    assert ann.say("revoke @U0ANN001").kind is Kind.ERROR
    assert "last admin" in ann.text("revoke @U0ANN001")
    assert ann.say("grant @U0BEN001 admin").kind is Kind.DONE
    assert ann.say("revoke @U0ANN001").kind is Kind.DONE
    assert ann.say("add").kind is Kind.ERROR


def test_an_admin_of_the_settings_is_admin_in_that_place_only(desk: Desk) -> None:
    bot = Bot(desk.store, Settings(admins=frozenset({"slack:T1/U0ANN001"})))
    assert replace(desk, bot=bot, actor=ANN).reply("add") != replace(desk, bot=bot, actor=BEN).reply("add")
    elsewhere = replace(ANN, space="T2")
    assert replace(desk, bot=bot, actor=elsewhere).say("add").kind is Kind.ERROR
    assert replace(desk, bot=bot).say("add").kind is Kind.ERROR


def test_a_subscription_is_changed_by_its_owner_an_editor_or_who_manages_the_channel(desk: Desk) -> None:
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    assert ann.say("subscribe screenings").kind is Kind.DONE
    refused = ben.say("unsubscribe")
    assert refused.kind is Kind.ERROR
    assert "slack:T1/U0ANN001" in plain_text(refused.document)
    manager = slack(desk, replace(BEN, may_manage_channel=True))
    assert manager.say("subscribe victims").kind is Kind.DONE
    assert "Victims identified" in ann.text("subscriptions")
    wish = "subscribe arrests and prosecutions, tier and victims"
    assert "Arrests and prosecutions, Tier placement, Victims identified" in ann.text(wish)
    assert ann.say("unsubscribe").kind is Kind.DONE


def test_of_two_who_subscribe_a_channel_at_once_the_second_is_told_that_it_is_taken(desk: Desk) -> None:
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    first, second = (
        each.bot.decide(Request(line, each.actor, each.address, each.now))
        for each, line in ((ann, "subscribe screenings"), (ben, "subscribe victims"))
    )
    assert isinstance(first, Decided)
    assert isinstance(second, Decided)
    assert "Initial screenings" in told(ann.bot.carry_out(first))
    assert "belongs to somebody else" in told(ben.bot.carry_out(second))
    assert "#C1 | Initial screenings" in ann.text("subscriptions")
    assert "U0BEN001" not in ann.text("subscriptions")


def test_who_subscribes_twice_at_once_changes_their_own_subscription(desk: Desk) -> None:
    ann = slack(desk, ANN)
    twice = [
        ann.bot.decide(Request(f"subscribe {topic}", ANN, CHANNEL, ann.now)) for topic in ("screenings", "victims")
    ]
    replies = [told(ann.bot.carry_out(each)) for each in twice if isinstance(each, Decided)]
    assert "This replaces: Initial screenings" in replies[1]


def told(reply: Reply) -> str:
    assert isinstance(reply, Message)
    return plain_text(reply.document)


def test_one_workspace_never_sees_anothers_subscriptions(desk: Desk) -> None:
    ann = slack(desk, ANN)
    ann.say("subscribe")
    stranger = replace(slack(desk, replace(ANN, space="T2")), address=Address(Platform.SLACK, "T2", "C1"))
    assert "no subscription" in stranger.text("subscriptions")
    assert "no subscription" in stranger.text("digest why")


@pytest.mark.parametrize(
    ("asker", "name"),
    [
        (ANN, "@zoe"),
        (ANN, "@Walter"),
        (ANN, "@u0ben001"),
        (ANN, "@U1"),
        (ANN, "slack:T1/zoe"),
        (KIM, "@zoe"),
        (KIM, "discord:G1/zoe"),
        (CONSOLE, "@U0BEN001"),
        (CONSOLE, "slack:T1/zoe"),
    ],
)
def test_nobody_is_named_editor_by_a_name_that_is_no_id(desk: Desk, asker: Actor, name: str) -> None:
    asked = replace(desk, bot=Bot(desk.store, Settings(admins=frozenset({asker.name}))), actor=asker)
    refused = asked.say(f"grant {name} editor")
    assert refused.kind is Kind.ERROR
    assert f"“{name}” is nobody I can name." in plain_text(refused.document)
    assert ("choose the person from the list" in plain_text(refused.document)) is (asker is not CONSOLE)
    assert "zoe" not in asked.text("roles")


@pytest.mark.parametrize(("asker", "name"), [(ANN, "@U0BEN001"), (ANN, "@W0BEN001"), (KIM, "@80351110224678912")])
def test_a_person_chosen_from_the_platforms_list_can_be_named(desk: Desk, asker: Actor, name: str) -> None:
    asked = replace(desk, bot=Bot(desk.store, Settings(admins=frozenset({asker.name}))), actor=asker)
    assert asked.say(f"grant {name} editor").kind is Kind.DONE
    assert f"{asker.platform}:{asker.space}/{name[1:]} | editor" in asked.text("roles")


def test_a_bot_is_given_no_role_where_the_platform_says_that_it_is_one(desk: Desk) -> None:
    bot = Bot(desk.store, Settings(admins=frozenset({KIM.name})))
    channel = Address(Platform.DISCORD, "G1", "C1")
    lines = ("grant <@80351110224678912> editor", "grant discord:G1/80351110224678912 admin")
    for line in lines:
        refused = bot.handle(Request(line, KIM, channel, desk.now, bots=frozenset({"80351110224678912"})))
        assert isinstance(refused, Message)
        assert refused.kind is Kind.ERROR
        assert "This is a bot." in plain_text(refused.document)
    with desk.store.read() as library:
        assert library.role("discord:G1/80351110224678912") is Role.READER
    assert replace(desk, bot=bot, actor=KIM, address=channel).say(lines[0]).kind is Kind.DONE


def test_a_role_that_nobody_can_hold_can_be_taken_back(desk: Desk) -> None:
    desk.store.apply(GrantRole("slack:T1/zoe", Role.EDITOR), by="console", at=desk.now)
    assert desk.say("revoke slack:T1/zoe").kind is Kind.DONE
    assert "zoe" not in desk.text("roles")


def test_a_new_admin_is_told_how_to_name_editors_where_they_are(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    assert "“/tipfacts grant @USER editor”" in slack(desk, ANN).text(f"claim {code}")


def test_a_reader_is_told_of_no_other_channels_subscription(desk: Desk) -> None:
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    secret = replace(ann, address=replace(CHANNEL, channel="CSECRET"))
    assert secret.say("subscribe arrests and prosecutions").kind is Kind.DONE
    manager = slack(desk, replace(BEN, may_manage_channel=True))
    for reader in (ben, manager):
        assert "no subscription" in reader.text("subscriptions")
    ben.say("subscribe victims")
    for text in (ben.text("subscriptions"), manager.text("subscriptions")):
        assert "#C1 | Victims identified" in text
        assert "editors see all" in text
        assert not re.search("CSECRET|Arrests|U0ANN001", text)
    assert {"#C1", "#CSECRET"} <= set(ann.text("subscriptions").split())
    desk.store.apply(GrantRole(BEN.name, Role.EDITOR), by="console", at=desk.now)
    shown = ben.text("subscriptions")
    assert "#CSECRET | Arrests and prosecutions" in shown
    assert "editors see all" not in shown


def test_a_subscription_made_in_a_thread_is_the_channels(desk: Desk) -> None:
    ann = slack(desk, ANN)
    thread = replace(ann, address=replace(CHANNEL, thread="9.9"))
    asked = thread.say("subscribe victims")
    assert asked.unless_posted
    assert asked.unless_posted.address == CHANNEL
    assert "#C1 | Victims identified" in ann.text("subscriptions")
    assert "#C1 | Victims identified" in slack(desk, BEN).text("subscriptions")
    assert "Next run" in thread.text("digest why")
    assert ann.say("unsubscribe").kind is Kind.DONE
    ann.say("subscribe screenings")
    assert thread.say("unsubscribe").kind is Kind.DONE
    assert "no subscription" in ann.text("subscriptions")


def test_people_and_channels_are_told_as_what_a_platform_can_show_by_name(desk: Desk) -> None:
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    desk.store.apply(GrantRole(ANN.name, Role.EDITOR), by="console", at=desk.now)
    ann.say("subscribe screenings")
    names = ["C1", "U0ANN001"]
    assert [name.id for name in named(ann.say("subscriptions"))] == names
    assert [name.id for name in named(ben.say("unsubscribe"))] == names[1:]
    assert [name.id for name in named(ann.say("roles"))] == names[1:] * 2  # the asker, and the editor that they are
    assert [name.id for name in named(ann.say("status"))] == names[1:]
    assert "slack:" not in "".join(
        each.text for each in ann.say("roles").document.blocks if isinstance(each, Paragraph)
    )
    home = ann.bot.home(Request("", ANN, CHANNEL, ann.now))
    assert [name.id for name in named(home)] == names[:1]
    assert named(desk.say("roles")) == []


def test_who_gets_or_loses_a_role_is_told_by_name_and_not_by_an_id_in_a_sentence(desk: Desk) -> None:
    ann = replace(slack(desk, ANN), bot=Bot(desk.store, Settings(admins=frozenset({ANN.name}))))
    lines = ("grant @U0BEN001 editor", "revoke @U0BEN001", "revoke @U0BEN001", "revoke @U0ANN001")
    for line, said in zip(
        lines, ("is now editor", "is now a reader", "holds no role", "admin by the settings"), strict=True
    ):
        message = ann.say(line)
        first = message.document.blocks[0]
        assert isinstance(first, Paragraph)
        assert said in first.text
        assert "slack:" not in first.text
        assert [name.id for name in named(message)] == [line.split()[1][1:]]


def named(message: Message) -> list[Name]:
    """The names in a message's cells and entries."""
    cells: list[str] = []
    for block in message.document.blocks:
        match block:
            case Table(_, rows):
                cells += chain.from_iterable(rows)
            case Entries(entries):
                cells += [entry.text for entry in entries]
    return [cell for cell in cells if isinstance(cell, Name)]


def test_a_channel_named_behind_subscribe_is_not_subscribed_and_neither_is_this_one(desk: Desk) -> None:
    ann = slack(desk, ANN)
    for line in ("subscribe <#C0NEWS01|news> screenings daily", "subscribe screenings daily in #news"):
        refused = ann.say(line)
        assert refused.kind is Kind.ERROR
        text = plain_text(refused.document)
        assert "“subscribe” is for the channel it is typed in" in text
        assert "“/tipfacts subscribe screenings daily”" in text
        assert "C0NEWS01" not in text
    assert "no subscription" in ann.text("subscriptions")


@pytest.mark.parametrize(("asker", "manages"), [(BEN, False), (KIM, True)])
def test_who_may_not_change_a_subscription_is_sent_to_whom_the_platform_knows(
    desk: Desk, asker: Actor, *, manages: bool
) -> None:
    here = Address(asker.platform, asker.space, "C1")
    mine = replace(desk, bot=Bot(desk.store, Settings()), actor=asker, address=here)
    assert replace(mine, actor=replace(asker, user="other")).say("subscribe").kind is Kind.DONE
    assert ("whoever manages the channel" in mine.text("unsubscribe")) is manages


def test_a_strangers_test_digest_offers_no_way_to_end_it(desk: Desk) -> None:
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    ann.say("subscribe screenings")
    queries = [[choice.query for choice in each.say("digest test").document.choices] for each in (ann, ben)]
    assert queries == [["unsubscribe"], []]
    assert "Only you see this" in ben.text("digest test")


def test_direct_messages_are_not_called_a_channel(desk: Desk) -> None:
    ann = replace(slack(desk, ANN), address=Address(Platform.SLACK, "T1", "D1", user=ANN.user))
    lines = ("digest why", "subscribe screenings", "digest test", "unsubscribe")
    texts = [ann.text(line) for line in lines]
    assert [text for text in texts if "channel" in text.casefold()] == []
    assert "come here, to your direct messages, daily" in texts[1]
