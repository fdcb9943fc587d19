"""Who may do what: the first admin, editors, and a channel's subscription."""

from dataclasses import replace
from datetime import timedelta

from library import Desk

from bot.core import Bot
from bot.domain.people import Actor, Address, Platform
from bot.messages.exchange import Kind
from bot.messages.plain import plain_text
from bot.operator import Operator
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
BEN = Actor(Platform.SLACK, "T1", "UBEN", "Ben")
CHANNEL = Address(Platform.SLACK, "T1", "C1")


def slack(desk: Desk, actor: Actor) -> Desk:
    return replace(desk, bot=Bot(desk.store, Settings()), actor=actor, address=CHANNEL)


def test_the_operators_code_makes_the_first_admin_once(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    assert ann.say("claim 0000-0000-0000-0000").kind is Kind.ERROR
    assert ann.say(f"claim {code.lower()}").kind is Kind.DONE
    assert ben.say(f"claim {code}").kind is Kind.ERROR
    assert "slack:T1/UANN | admin" in ann.text("roles")


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
    assert ann.say("grant <@UBEN> editor").kind is Kind.DONE
    ben = slack(desk, BEN)
    assert "editor" in ben.text("status")
    assert ben.say("grant @UBEN admin").kind is Kind.ERROR
    assert ann.say("revoke @UANN").kind is Kind.ERROR
    assert "last admin" in ann.text("revoke @UANN")
    assert ann.say("grant @UBEN admin").kind is Kind.DONE
    assert ann.say("revoke @UANN").kind is Kind.DONE
    assert ann.say("add").kind is Kind.ERROR


def test_an_admin_of_the_settings_is_admin_in_that_place_only(desk: Desk) -> None:
    bot = Bot(desk.store, Settings(admins=frozenset({"slack:T1/UANN"})))
    assert replace(desk, bot=bot, actor=ANN).reply("add") != replace(desk, bot=bot, actor=BEN).reply("add")
    elsewhere = replace(ANN, space="T2")
    assert replace(desk, bot=bot, actor=elsewhere).say("add").kind is Kind.ERROR
    assert replace(desk, bot=bot).say("add").kind is Kind.ERROR


def test_a_subscription_is_changed_by_its_owner_an_editor_or_who_manages_the_channel(desk: Desk) -> None:
    ann, ben = slack(desk, ANN), slack(desk, BEN)
    assert ann.say("subscribe screenings").kind is Kind.DONE
    refused = ben.say("unsubscribe")
    assert refused.kind is Kind.ERROR
    assert "slack:T1/UANN" in plain_text(refused.document)
    manager = slack(desk, replace(BEN, may_manage_channel=True))
    assert manager.say("subscribe victims").kind is Kind.DONE
    assert "Victims identified" in ann.text("subscriptions")
    wish = "subscribe arrests and prosecutions, tier and victims"
    assert "Arrests and prosecutions, Tier placement, Victims identified" in ann.text(wish)
    assert ann.say("unsubscribe").kind is Kind.DONE


def test_one_workspace_never_sees_anothers_subscriptions(desk: Desk) -> None:
    ann = slack(desk, ANN)
    ann.say("subscribe")
    stranger = replace(slack(desk, replace(ANN, space="T2")), address=Address(Platform.SLACK, "T2", "C1"))
    assert "no subscription" in stranger.text("subscriptions")
    assert "no subscription" in stranger.text("digest why")
