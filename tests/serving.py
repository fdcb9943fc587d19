"""A Service over a real installation, spoken to as a platform's app would."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from library import MONDAY, Desk
from sqlalchemy import text

from bot.domain.digests import Attempt, Posted, Subscription
from bot.domain.people import Actor, Address, Platform
from bot.messages.document import Document
from bot.messages.exchange import Message, Request
from bot.messages.plain import plain_text
from bot.ports import StoreUnavailableError
from bot.service import Service

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
BEN = Actor(Platform.SLACK, "T1", "UBEN", "Ben")
CHANNEL = Address(Platform.SLACK, "T1", "C1")
THREAD = replace(CHANNEL, thread="1.1")
SCREENINGS = "how many screenings were there in 2023?"


@dataclass
class Channel:
    """A poster that keeps what it was given and answers with the attempts it was told."""

    attempts: list[Attempt] = field(default_factory=list)
    posted: list[Document] = field(default_factory=list)

    async def __call__(self, document: Document) -> Attempt:
        self.posted.append(document)
        return self.attempts.pop(0) if self.attempts else Posted(f"m{len(self.posted)}")

    @property
    def text(self) -> str:
        return plain_text(self.posted[-1])


class Clock:
    """The present, moved by hand."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now


class Unreachable:
    """A store that nobody reaches."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever is called)
        def fail(*_: object, **__: object) -> None:
            raise StoreUnavailableError("The database cannot be reached")

        return fail


def request(text: str = SCREENINGS, **parts: Any) -> Request:  # noqa: ANN401 (whatever the test sets)
    return replace(Request(text, ANN, CHANNEL, MONDAY), **parts)


def receipts(desk: Desk) -> list[tuple[Any, ...]]:
    """Every receipt with the fact versions it shows."""
    query = (
        "SELECT channel, message_id, editable, fact_id, version FROM receipts"
        " LEFT JOIN receipt_facts ON receipt_id = id ORDER BY id, fact_id"
    )
    with desk.store._reader.connect() as connection:  # noqa: SLF001 (no query of ours reads receipts yet)
        return [tuple(row) for row in connection.execute(text(query))]


def held(desk: Desk, address: Address = CHANNEL) -> Subscription | None:
    with desk.store.read() as library:
        return library.subscription_at(address)


async def said(service: Service, asked: Request) -> Message:
    reply = await service.handle(asked)
    assert isinstance(reply, Message), reply
    return reply


async def subscribed(service: Service, line: str = "subscribe victims", actor: Actor = ANN) -> Message:
    return await said(service, request(line, actor=actor))
