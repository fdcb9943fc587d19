"""A real installation on a real SQLite file, spoken to in process, with the clock in the test's hands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.core import Bot
from bot.digests.report import TickReport
from bot.digests.sender import Sender
from bot.domain.digests import Attempt, Posted
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Document
from bot.messages.exchange import Form, FormErrors, FormInput, Message, Reply, Request
from bot.messages.plain import plain_text
from bot.ports import Messenger
from store.store import SqlStore

CHANNEL = Address(Platform.CONSOLE, "local", "console")
CONSOLE = Actor(Platform.CONSOLE, "local", "console", "console", may_manage_channel=True)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)  # 08:00 in Hong Kong


@dataclass
class Recorder:
    """A messenger that keeps what it was asked to post, and answers with the attempts it was given."""

    attempts: list[Attempt] = field(default_factory=list)
    posted: list[Document] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)
    found: str | None = None

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        del address
        assert fence()
        self.posted.append(document)
        self.nonces.append(nonce)
        return self.attempts.pop(0) if self.attempts else Posted(f"m{len(self.posted)}")

    def unshown(self, *_: object) -> frozenset[int]:
        return frozenset()

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        del address, nonce, since
        return self.found

    @property
    def texts(self) -> list[str]:
        return [plain_text(document) for document in self.posted]


@dataclass
class Desk:
    """Somebody at a keyboard: says lines, fills in forms, and waits for the clock."""

    bot: Bot
    store: SqlStore
    now: datetime = MONDAY
    actor: Actor = CONSOLE
    address: Address = CHANNEL
    locale: Locale | None = None

    def reply(self, text: str) -> Reply:
        reply = self.bot.handle(Request(text, self.actor, self.address, self.now, self.locale))
        self.bot.settle()
        return reply

    def say(self, text: str) -> Message:
        reply = self.reply(text)
        assert isinstance(reply, Message), reply
        return reply

    def text(self, text: str) -> str:
        return plain_text(self.say(text).document)

    def form(self, text: str) -> Form:
        reply = self.reply(text)
        assert isinstance(reply, Form), reply
        return reply

    def send(self, form: Form, submit: str, once_key: str | None = None, **values: str) -> Reply:
        filled: Mapping[str, str] = {each.name: each.value for each in form.fields} | values
        sent = FormInput(form.command, form.step, filled, submit, form.carried)
        return self.bot.handle(
            Request("", self.actor, self.address, self.now, form.locale, once_key=once_key, form=sent)
        )

    def next_form(self, form: Form, submit: str, **values: str) -> Form:
        reply = self.send(form, submit, **values)
        assert isinstance(reply, Form), reply
        return reply

    def finish(self, form: Form, submit: str, once_key: str | None = None, **values: str) -> Message:
        reply = self.send(form, submit, once_key, **values)
        assert isinstance(reply, Message), reply
        return reply

    def refused(self, form: Form, submit: str, **values: str) -> FormErrors:
        reply = self.send(form, submit, **values)
        assert isinstance(reply, FormErrors), reply
        return reply

    async def tick(self, messenger: Messenger, at: datetime | None = None) -> TickReport:
        return await Sender(self.store, {Platform.CONSOLE: messenger}, lambda: at or self.now).tick()


STATEMENT_2022 = {
    "speaker": "HKSAR Government",
    "date": "20 July 2022",
    "title": "HKSAR Government responds to the U.S. Trafficking in Persons Report 2022",
    "link": "https://www.news.gov.hk/eng/2022/07/20220720/20220720_105112_663.html",
}
SCREENINGS_2021 = {
    "topic": "screenings",
    "text": "The HKSAR Government said that around 7,700 initial screenings were conducted in 2021, three times 2016.",
    "value": "around 7 700",
    "unit": "initial screenings",
    "period": "2021",
    "change": "x3 against 2016",
}
VICTIMS_2021 = {
    "topic": "victims",
    "text": "The HKSAR Government said that one victim was identified in 2021.",
    "value": "one",
    "unit": "victims identified",
    "period": "2021",
}


def add_statement_of_2022(desk: Desk) -> Message:
    """Add the HKSAR Government's statement of 20 July 2022 through the form, as an editor would."""
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    second = desk.next_form(fact, "another", **SCREENINGS_2021)
    review = desk.next_form(second, "review", **VICTIMS_2021)
    return desk.finish(review, "confirm")
