"""`status`: what it says to whom of subscriptions that are paused."""

from dataclasses import replace

from library import Desk

from bot.core import Bot
from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import SubscriptionState
from bot.domain.people import Actor, Address, Platform
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "U0ANN001", "Ann")
BEN = Actor(Platform.SLACK, "T1", "U0BEN001", "Ben")
NEWS, OTHER = (Address(Platform.SLACK, "T1", channel) for channel in ("C1", "C2"))


def test_what_is_paused_is_counted_for_those_who_may_see_it(desk: Desk) -> None:
    admin = replace(desk, bot=Bot(desk.store, Settings(admins=frozenset({BEN.name}))), actor=BEN, address=OTHER)
    ann = replace(admin, actor=ANN, address=NEWS)
    assert ann.say("subscribe screenings")
    assert admin.say("subscribe victims")
    assert "Subscriptions here: 2" in admin.text("status")
    assert "Paused" not in admin.text("status")
    pause(desk, NEWS)
    assert "Paused subscriptions: 1; “/tipfacts subscriptions” says why" in admin.text("status")
    assert "paused: the channel is archived" in admin.text("subscriptions")
    reader = replace(ann, address=OTHER)
    assert "Paused subscriptions: 1" in reader.text("status")  # theirs
    assert "Subscriptions here" not in reader.text("status")
    stranger = replace(reader, actor=replace(ANN, user="U0ZOE001"))
    assert "Paused" not in stranger.text("status")


def pause(desk: Desk, address: Address) -> None:
    with desk.store.read() as library:
        held = library.subscription_at(address)
    assert held
    desk.store.apply(SetSubscriptionState(held.id, SubscriptionState.PAUSED, "is_archived"), by="test", at=desk.now)
