"""Workspaces share the library and nothing else: none is told of another's people, channels and subscriptions."""

from dataclasses import replace

import pytest
from library import Desk, add_statement_of_2022

from bot.commands.home import SHOWN
from bot.core import Bot
from bot.desk import log
from bot.domain.changes import ForgetUnanswered, GrantRole
from bot.domain.people import Actor, Address, Platform, Role
from bot.messages.document import Choices, Table
from bot.messages.exchange import Kind, Request
from bot.messages.names import Name, Named
from bot.messages.plain import plain_text
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
BEN = Actor(Platform.SLACK, "T1", "UBEN", "Ben")
ZOE = Actor(Platform.SLACK, "T2", "UZOE", "Zoe")
KIM = Actor(Platform.DISCORD, "T1", "UKIM", "Kim")
ADMINS = frozenset({"console", "slack:T1/UROOT", "slack:T2/UROOT"})


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """An editor of the first workspace; the second has an editor and a subscription of its own."""
    bot = Bot(desk.store, Settings(admins=ADMINS))
    for actor in (ANN, ZOE, KIM):
        by = f"slack:{actor.space}/UROOT"
        desk.store.apply(GrantRole(actor.name, Role.EDITOR), by=by, at=desk.now)
        here = replace(desk, bot=bot, actor=actor, address=Address(actor.platform, actor.space, f"C{actor.user}"))
        assert here.say("subscribe screenings").kind is Kind.DONE
    return replace(desk, bot=bot, actor=ANN, address=Address(Platform.SLACK, "T1", "CUANN"))


def at(desk: Desk, actor: Actor) -> Desk:
    return replace(desk, actor=actor, address=Address(actor.platform, actor.space, f"C{actor.user}"))


def home(desk: Desk) -> str:
    message = desk.bot.home(Request("", desk.actor, desk.address, desk.now))
    assert not any(isinstance(block, Choices) for block in message.document.blocks)
    return plain_text(message.document)


def test_roles_lists_the_askers_own_place_and_the_console(ann: Desk) -> None:
    here, there = ann.text("roles"), at(ann, ZOE).text("roles")
    assert "slack:T1/UANN | editor | slack:T1/UROOT" in here
    assert "slack:T1/UROOT | admin | settings" in here
    assert "console | admin | settings" in here
    assert "T2" not in here
    assert "discord" not in here
    assert "slack:T2/UZOE | editor | slack:T2/UROOT" in there
    assert "T1" not in there


def test_who_named_somebody_from_elsewhere_is_not_told_by_name(ann: Desk) -> None:
    ann.store.apply(GrantRole(BEN.name, Role.EDITOR), by="slack:T2/UROOT", at=ann.now)
    assert "slack:T1/UBEN | editor | an admin elsewhere" in ann.text("roles")


def test_a_place_without_editors_is_told_how_the_first_is_named(desk: Desk) -> None:
    desk.store.apply(GrantRole(ZOE.name, Role.EDITOR), by="operator", at=desk.now)
    text = replace(desk, bot=Bot(desk.store, Settings()), actor=ANN).text("roles")
    assert "Nobody here is editor or admin yet" in text
    assert "T2" not in text


def test_the_log_hides_what_was_done_to_anothers_subscriptions_and_people(ann: Desk) -> None:
    here, there = ann.text("log"), at(ann, ZOE).text("log")
    assert "slack:T1/CUANN" in here
    assert "slack:T1/UANN" in here
    assert "T2" not in here
    assert "discord:" not in here
    assert "slack:T2/CUZOE" in there
    assert "T1" not in there


def test_the_log_shows_everybody_who_changed_the_library(ann: Desk) -> None:
    add_statement_of_2022(at(ann, ZOE))
    assert "slack:T2/UZOE | add | S4" in ann.text("log S4")
    assert "slack:T2/UZOE | add | S4" in ann.text("log")


def test_the_log_looks_past_what_it_hides(ann: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    zoe = at(ann, ZOE)
    for _ in range(3 * log.SHOWN):
        zoe.say("subscribe victims")
    assert "slack:T1/CUANN" in ann.text("log")
    monkeypatch.setattr(log, "_LOOKED_THROUGH", 1)
    assert "The log holds nothing on that." in ann.text("log")


def test_the_console_sees_all(ann: Desk, desk: Desk) -> None:
    console = replace(desk, bot=ann.bot)
    for space in ("slack:T1", "slack:T2", "discord:T1"):
        assert f"{space}/U" in console.text("roles")
        assert f"{space}/C" in console.text("log")


def test_subscriptions_are_those_of_the_askers_own_place(ann: Desk) -> None:
    text = ann.text("subscriptions")
    assert "#CUANN" in text
    assert "T2" not in text
    assert "UKIM" not in text


def test_a_home_page_shows_what_the_person_owns_here(ann: Desk) -> None:
    text = home(ann)
    assert "#CUANN | Initial screenings | daily at 09:00 Asia/Hong_Kong | Mon 23 November 2026 09:00" in text
    assert "You are an editor" in text
    assert "UZOE" not in text
    assert "You have subscribed no channel yet." in home(at(ann, BEN))
    assert "/tipfacts add" in text
    assert "/tipfacts add" not in home(at(ann, BEN))


def test_a_home_page_tells_an_admin_and_a_reader_what_they_may_do(ann: Desk) -> None:
    assert "You are a reader" in home(at(ann, BEN))
    assert "You are an admin" in home(at(ann, replace(ANN, user="UROOT")))


def test_a_home_page_is_bounded(ann: Desk) -> None:
    for number in range(SHOWN + 1):
        replace(ann, address=Address(Platform.SLACK, "T1", f"CX{number}")).say("subscribe victims")
    text = home(ann)
    assert "2 more are not shown: type “/tipfacts subscriptions”." in text
    assert text.count("#C") == SHOWN


@pytest.mark.parametrize("asker", [replace(ANN, user="UROOT"), KIM])
@pytest.mark.parametrize("line", ["grant {} admin", "revoke {}"])
@pytest.mark.parametrize("name", ["slack:T2/U0ZOE001", "slack:T2/U0NOBODY", "slack:T2/U0ROOT01", "discord:T2/8035111"])
def test_an_admin_hands_out_no_role_elsewhere_and_is_not_told_who_holds_one(
    ann: Desk, asker: Actor, line: str, name: str
) -> None:
    held = replace(ZOE, user="U0ZOE001")
    ann.store.apply(GrantRole(held.name, Role.EDITOR), by="console", at=ann.now)
    bot = Bot(ann.store, Settings(admins=frozenset({asker.name, "slack:T2/U0ROOT01"})))
    refused = replace(at(ann, asker), bot=bot).say(line.format(name))
    assert refused.kind is Kind.ERROR
    assert plain_text(refused.document).startswith(f"“{name}” is nobody I can name. Type @ and choose")
    with ann.store.read() as library:
        assert library.role(held.name) is Role.EDITOR
        assert library.role("slack:T2/U0NOBODY") is Role.READER


def test_the_console_names_people_anywhere(desk: Desk) -> None:
    assert desk.say("grant slack:T2/U0ZOE001 editor").kind is Kind.DONE
    assert desk.say("revoke slack:T2/U0ZOE001").kind is Kind.DONE


def test_unanswered_questions_are_told_to_the_editors_of_the_place_they_were_asked_in(ann: Desk, desk: Desk) -> None:
    zoe = at(ann, ZOE)
    for asker, times in ((zoe, 2), (ann, 1)):  # the second time answered from what is kept of the first
        for _ in range(times):
            asker.say("how many ferries sail to Macau?")
    zoe.say("how many trams run to Acme Tower?")
    assert "asked 1 time in" in ann.text("unanswered")
    assert "Acme" not in ann.text("unanswered")
    assert "No question like" in ann.text("unanswered forget how many trams run to Acme Tower?")
    assert "asked 2 times in" in zoe.text("unanswered")
    ann.finish(ann.form("unanswered forget all"), "confirm")
    assert "No question is kept here" in ann.text("unanswered")
    assert "Acme" in zoe.text("unanswered")
    console = replace(desk, bot=ann.bot).text("unanswered")
    assert "Acme" in console


def test_the_log_does_not_tell_who_forgot_questions_or_gave_a_role_from_elsewhere(ann: Desk) -> None:
    at(ann, ZOE).say("how many trams run to Acme Tower?")
    ann.store.apply(ForgetUnanswered(), by=ZOE.name, at=ann.now)
    ann.store.apply(GrantRole(BEN.name, Role.EDITOR), by="slack:T2/UROOT", at=ann.now)
    here, there = ann.text("log"), at(ann, ZOE).text("log")
    assert "an admin elsewhere | grant | slack:T1/UBEN" in here
    assert "T2" not in here
    assert "forget" not in here
    assert "slack:T2/UZOE | forget | unanswered" in there


def test_the_log_tells_people_and_channels_by_what_a_platform_can_show_by_name(ann: Desk) -> None:
    (table,) = (block for block in ann.say("log").document.blocks if isinstance(block, Table))
    named = {cell.id: cell.named for row in table.rows for cell in row if isinstance(cell, Name)}
    assert named == {"UANN": Named.PERSON, "UROOT": Named.PERSON, "CUANN": Named.CHANNEL}
