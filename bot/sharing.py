"""What is said in a channel for all to read: an answer that somebody shares, and a message that is meant for it."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from bot.commands.grammar import raw_rest
from bot.commands.table import command_named
from bot.core import Bot, locale_of
from bot.desk.plain import one_line, tidy
from bot.digests.posting import attempted
from bot.digests.reasons import is_ours, reason_text, remedy
from bot.digests.wishes import as_typed, wish_of
from bot.discreet import error_line
from bot.domain.changes import ChangeRefusedError, SetSubscriptionState
from bot.domain.digests import Attempt, Posted, Receipt, Refused, Subscription, SubscriptionState, TryLater, Unsure
from bot.domain.people import Address, Role
from bot.domain.text import Locale
from bot.keeping import Keeper
from bot.messages.document import Block, Choices, Document, Footnote, Heading, Paragraph
from bot.messages.exchange import Audience, Kind, Message, Request
from bot.messages.spelling import SPELLINGS
from bot.ports import Store
from bot.wording.wording import Wording, wording
from bot.workers import Workers

Poster = Callable[[Document], Awaitable[Attempt]]

POST_TIMEOUT = timedelta(seconds=30)  # a person waits
ONCE = timedelta(days=1)  # a share that was begun and never ended may stand there: it is not begun anew for so long
_LONGEST_NAME = 80
_MINUTE = 60

log = logging.getLogger(__name__)


class Sharing:
    """Posts in channels for people. `clock` gives the present instant, in UTC."""

    def __init__(self, bot: Bot, store: Store, keeper: Keeper, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._store = store
        self._keeper = keeper
        self._workers = workers
        self._clock = clock
        self._under_way: set[str] = set()  # shares of this process

    async def share(self, request: Request, token: str, posters: Sequence[Poster]) -> Message:
        """See `bot.service.Service.share`."""
        words = wording(locale_of(request))
        key = f"share/{request.address.space}/{token}"
        if key in self._under_way:
            return _said(words, Kind.DONE, words.say("This answer is being shared just now."))
        self._under_way.add(key)
        try:
            if not await self._keeper.begin(key, ONCE):
                return _said(words, Kind.DONE, await self._shared_before(key, words))
            return await self._shared(request, key, posters, words)
        finally:
            self._under_way.discard(key)

    async def announce(self, request: Request, message: Message, posters: Sequence[Poster]) -> Message | None:
        """See `bot.service.Service.announce`."""
        words = wording(message.document.locale)
        key = _announced(request, message)
        if key and not await self._keeper.begin(key, ONCE):
            return _said(words, Kind.DONE, words.say("This was posted in the channel already."))
        attempt = await _post(message.document, posters)
        if key:
            await self._end_event(key, attempt)
        if isinstance(attempt, Posted):
            await self._note(request.address, message.document, attempt)
            return None
        why_not = _why_not(attempt, request, words)
        wish = message.unless_posted
        if isinstance(attempt, Refused) and wish and await self._ended(wish, attempt.reason, request):
            return _said(words, Kind.ERROR, why_not, _not_subscribed(wish, request, words))
        return _to_asker(message, why_not, words)

    async def _shared(self, request: Request, key: str, posters: Sequence[Poster], words: Wording) -> Message:
        try:
            answer = await self._workers.read(self._answer_to_share, request)
        except Exception:
            await self._keeper.forget(key)
            raise
        if not answer.document.facts:
            await self._keeper.forget(key)
            return answer
        attempt = await _post(shared_document(request, answer.document), posters)
        await self._end_event(key, attempt)
        if isinstance(attempt, Posted):
            await self._note(request.address, answer.document, attempt)
            return _said(words, Kind.DONE, words.say("Shared in the channel."))
        return _said(words, Kind.ERROR, _why_not(attempt, request, words))

    async def _shared_before(self, key: str, words: Wording) -> str:
        """Return what is said of a share that was pressed before: that it stands there, or only that it may."""
        if not await self._keeper.begin(_confirmed(key), timedelta(0)):
            return words.say("This answer was shared already.")
        await self._keeper.forget(_confirmed(key))
        return words.say(
            "This answer may have been shared already. If you do not see it in the channel, ask again and share that."
        )

    async def _end_event(self, key: str, attempt: Attempt) -> None:
        """Let nobody post again what stands in the channel, or may; let anything else be tried again."""
        if isinstance(attempt, Posted | Unsure):
            if isinstance(attempt, Posted):
                await self._keeper.finish(_confirmed(key))
            await self._keeper.finish(key)
        else:
            await self._keeper.forget(key)

    def _answer_to_share(self, request: Request) -> Message:
        """Answer what is shared anew, in the channel's language, or where it has none in the question's; what cannot be
        shared is told in that of who asks for it.
        """
        for_all = replace(request, spelling=None)
        public = self._answered(for_all, public_locale(self._store, request.address))
        return public if public.document.facts else self._answered(request, request.locale)

    def _answered(self, request: Request, locale: Locale | None) -> Message:
        """Answer a request in a language, changing nothing."""
        asked = replace(request, locale=locale, once_key=None, form=None, conversation=None, can_pop_up=False)
        reply = self._bot.handle(asked, read_only=True)
        if isinstance(reply, Message):
            return reply
        words = wording(locale_of(asked))
        return _said(words, Kind.ERROR, words.say("This cannot be shared: it asks for more than a line."))

    async def _ended(self, wish: Subscription, reason: str, request: Request) -> bool:
        try:
            return await self._workers.change(self._end, wish, reason, request)
        except Exception as error:  # noqa: BLE001 (then it stays, and is paused when its first digest is refused)
            log.warning("the subscription of %s could not be ended: %s", wish.address.name, error_line(error))
            return False

    def _end(self, wish: Subscription, reason: str, request: Request) -> bool:
        """End a subscription that was just begun; False where somebody has changed it since."""
        with self._store.read() as library:
            held = library.subscription_at(wish.address)
        if held is None:
            return True
        if _wish_of(held) != _wish_of(wish):
            return False
        change = SetSubscriptionState(held.id, SubscriptionState.ENDED, reason)
        try:
            self._store.apply(change, by=request.actor.name, at=self._clock())
        except ChangeRefusedError:
            return True  # it has ended already
        return True

    async def _note(self, address: Address, document: Document, posted: Posted) -> None:
        """Keep a receipt of a message that shows facts."""
        facts = (fact for fact in document.facts if fact.id not in posted.unshown)
        shown = tuple(dict.fromkeys((fact.id, fact.version) for fact in facts))
        if shown:
            can_edit = bool(posted.message_id)
            await self._keeper.note_receipt(
                Receipt(address, posted.message_id, self._clock(), shown, editable=can_edit)
            )


def public_locale(store: Store, address: Address) -> Locale | None:
    """Return the language of the subscription in a channel; None where there is none. Blocks; raises what the store
    raises.
    """
    with store.read() as library:
        held = library.subscription_at(address)
        if held is None and address.thread:
            held = library.subscription_at(replace(address, thread=None))
    return held.locale if held else None


def shared_document(request: Request, answer: Document) -> Document:
    """Return an answer as others see it: who shares it, what was asked, and nothing to press that needs a role."""
    words = wording(answer.locale)
    name = tidy(request.actor.display_name)[:_LONGEST_NAME] or request.actor.user
    question = one_line(raw_rest(request.text, words=0))
    blocks: list[Block] = [Footnote(words.say("Shared by {name}", name=name))]
    blocks += [Heading(question)] if question else []
    return replace(answer, blocks=(*blocks, *for_everyone(answer.blocks)))


def for_everyone(blocks: Iterable[Block]) -> Iterable[Block]:
    """Yield the blocks as all may read them, with nothing to press that needs a role."""
    for block in blocks:
        if not isinstance(block, Choices):
            yield block
        elif options := tuple(option for option in block.options if _is_open(option.query)):
            yield Choices(options)


def _is_open(line: str) -> bool:
    command = command_named(line.partition(" ")[0])
    return command is None or command.role is Role.READER


async def _post(document: Document, posters: Sequence[Poster]) -> Attempt:
    """Post by the first poster that is not refused, and return what came of it; where all are, why the first was."""
    refused: Refused | None = None
    for poster in posters:
        attempt = _judged(await attempted(poster(document), "a message for a channel", POST_TIMEOUT))
        if not isinstance(attempt, Refused):
            return attempt
        refused = refused or attempt
    return refused or Refused("", gone=False)


def _confirmed(key: str) -> str:
    """Return the key of the event that what a key stands for was surely posted."""
    return f"{key}/confirmed"


def _judged(attempt: Attempt) -> Attempt:
    """Return what an attempt is to a person: they cannot wait for a permission, as a digest does."""
    if isinstance(attempt, TryLater) and is_ours(attempt.reason):
        return Refused(attempt.reason, gone=False)
    return attempt


def _announced(request: Request, message: Message) -> str | None:
    """Return the key under which a message is posted once. None where it tells of a change, which is made once itself,
    or where the platform does not say which event it comes from.
    """
    is_bare = request.once_key and message.kind is not Kind.DONE
    return f"announce/{request.actor.name}/{request.once_key}" if is_bare else None


def _why_not(attempt: Attempt, request: Request, words: Wording) -> str:
    match attempt:
        case Refused(reason):
            told = words.say("I could not post this in the channel: {reason}.", reason=reason_text(reason, words))
            return f"{told} {remedy(reason, request.address.platform, words)}"
        case TryLater(after):
            return words.say_many(
                "This was not posted in the channel: I may not post just now. Try again in {count} minute.",
                "This was not posted in the channel: I may not post just now. Try again in {count} minutes.",
                max(1, ceil(after.total_seconds() / _MINUTE)),
            )
        case _:
            return words.say("This may have been posted in the channel, or not: look there.")


def _not_subscribed(wish: Subscription, request: Request, words: Wording) -> str:
    spelling = request.spelling or SPELLINGS[wish.address.platform]
    line = spelling.of(f"subscribe {as_typed(wish_of(wish))}")
    return words.say("The channel was not subscribed. Once I can post there, type this again: “{line}”.", line=line)


def _to_asker(message: Message, why_not: str, words: Wording) -> Message:
    """Return a message as its asker is shown it, since the channel does not have it."""
    holds = words.say("What is said below holds all the same, and only you see it.")
    note = f"{why_not} {holds}" if message.kind is Kind.DONE else why_not
    document = replace(message.document, blocks=(Paragraph(note), *message.document.blocks))
    return replace(message, document=document, audience=Audience.ASKER, unless_posted=None)


def _wish_of(subscription: Subscription) -> tuple[object, ...]:
    topics = frozenset(subscription.topics), frozenset(subscription.excluded)
    return subscription.owner, *topics, subscription.schedule


def _said(words: Wording, kind: Kind, *sentences: str) -> Message:
    return Message(kind, Document(words.locale, tuple(Paragraph(text) for text in sentences)))
