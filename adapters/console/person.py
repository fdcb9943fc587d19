"""The person at this console, as the core sees them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from adapters.console.visible import whole
from bot.core import Bot
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choice
from bot.messages.exchange import Context, FormInput, Reply, Request

SPACE, CHANNEL, USER = "local", "console", "console"
ACTOR = Actor(Platform.CONSOLE, SPACE, USER, display_name=USER, may_manage_channel=True)
ADDRESS = Address(Platform.CONSOLE, SPACE, CHANNEL)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever types here. Without a `locale` the core answers in the language of each question."""

    bot: Bot
    locale: Locale | None = None

    def types(self, line: str, *, context: Context | None = None, read_only: bool = False) -> Reply:
        """Return the reply to a line as typed, which may go on from `context`; with `read_only` it changes nothing."""
        return self.bot.handle(replace(_request(line, self.locale), context=context), read_only=read_only)

    def sends(self, form: FormInput, locale: Locale) -> Reply:
        """Return the reply to a form that was filled in, worded in the form's language."""
        return self.bot.handle(_request("", locale, form))

    def may_type(self, line: str) -> tuple[Choice, ...]:
        """Return whole lines that may be meant by the beginning of one."""
        return self.bot.complete(whole(line), self.locale)


def _request(line: str, locale: Locale | None, form: FormInput | None = None) -> Request:
    return Request(
        text=whole(line),
        actor=ACTOR,
        address=ADDRESS,
        received_at=datetime.now(UTC),
        locale=locale,
        once_key=uuid4().hex,
        form=form,
    )
