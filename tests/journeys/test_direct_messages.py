"""Discord’s direct messages belong to no server: nobody gets a role there, and nobody hears of others."""

from dataclasses import replace

import pytest
from library import Desk

from bot.core import Bot
from bot.domain.changes import GrantRole
from bot.domain.people import DIRECT, Actor, Address, Platform, Role
from bot.messages.exchange import Kind
from bot.operator import Operator
from bot.settings import Settings

ANN = Actor(Platform.DISCORD, DIRECT, "80351110224678913", "Ann")
EVE = replace(ANN, user="80351110224678999", display_name="Eve")
SERVER = Address(Platform.DISCORD, "G1", "C1")


def direct(desk: Desk, actor: Actor, admins: frozenset[str] = frozenset()) -> Desk:
    address = Address(Platform.DISCORD, DIRECT, f"9{actor.user}", user=actor.user)
    return replace(desk, bot=Bot(desk.store, Settings(admins=admins)), actor=actor, address=address)


def in_server(desk: Desk, actor: Actor) -> Desk:
    there = replace(actor, space="G1")
    return replace(desk, bot=Bot(desk.store, Settings()), actor=there, address=SERVER)


def test_a_code_that_is_typed_in_direct_messages_is_refused_and_still_good_in_the_server(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    here = direct(desk, ANN)
    refused = here.say(f"claim {code}")
    assert refused.kind is Kind.ERROR
    text = here.text(f"claim {code}")
    assert "Type this in your server: “/tipfacts-desk claim CODE”" in text
    assert code not in text
    assert "You are now an admin." in in_server(desk, ANN).text(f"claim {code}")
    with desk.store.read() as library:
        assert [each.actor for each in library.role_holders()] == ["discord:G1/80351110224678913"]


@pytest.mark.parametrize(
    "line", ["claim 1234-5678", "grant <@80351110224678999> editor", "grant", "revoke @1", "roles", "log", "log F1"]
)
@pytest.mark.parametrize("role", list(Role))
def test_what_is_about_people_is_refused_in_direct_messages_whatever_role_one_has(
    desk: Desk, line: str, role: Role
) -> None:
    if role is not Role.READER:
        desk.store.apply(GrantRole(ANN.name, role), by="console", at=desk.now)
    refused = direct(desk, ANN)
    assert refused.say(line).kind is Kind.ERROR
    assert "Type this in your server: “/tipfacts-desk " in refused.text(line)
    with desk.store.read() as library:
        assert library.role(EVE.name) is Role.READER


def test_what_comes_to_others_direct_messages_is_listed_to_nobody(desk: Desk) -> None:
    ann, eve = direct(desk, ANN, frozenset({ANN.name})), direct(desk, EVE)
    assert "no subscription" in ann.text("subscriptions")
    assert eve.say("subscribe victims").kind is Kind.DONE
    assert "no subscription" in ann.text("subscriptions")
    ann.say("subscribe screenings")
    text = ann.text("subscriptions")
    assert "Initial screenings" in text
    assert "Victims" not in text
    assert EVE.user not in text
    assert "type “/tipfacts-digest list” in that server" in text
    assert "Subscriptions here: 1" in ann.text("status")


def test_who_lacks_a_role_in_direct_messages_is_sent_to_their_server(desk: Desk) -> None:
    text = direct(desk, ANN).text("add")
    assert "type this in your server" in text
    assert "claim" not in text


def test_what_begins_like_such_a_command_and_is_a_question_is_answered_as_one(desk: Desk) -> None:
    here = direct(desk, ANN)
    assert here.say("claim about the number of screenings in 2023?").kind is not Kind.ERROR
    assert here.say("screenings").kind is Kind.ANSWER


def test_slacks_direct_messages_belong_to_a_workspace_and_the_console_names_whom_it_likes(desk: Desk) -> None:
    code = Operator(desk.store).issue_claim_code(desk.now)
    ben = Actor(Platform.SLACK, "T1", "U0BEN001", "Ben")
    slack = replace(
        desk, bot=Bot(desk.store, Settings()), actor=ben, address=Address(Platform.SLACK, "T1", "D1", user="U0BEN001")
    )
    assert "You are now an admin." in slack.text(f"claim {code}")
    assert slack.say("roles").kind is Kind.HELP
    assert desk.say(f"grant {ANN.name} editor").kind is Kind.DONE
    assert ANN.name in desk.text("roles")
