"""Telling owners, once and by direct message, that a channel of theirs gets no more digests, or lacks one or may lack
it, and what to do.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.digests.posting import CLOCKS_APART, MAX_TRIES, Timing, attempted, never
from bot.digests.reasons import (
    is_deleted,
    is_ours,
    lost_choices,
    may_not_look,
    place,
    reason_text,
    remedy,
    trouble,
    typed,
)
from bot.digests.wishes import as_typed, wish_of
from bot.discreet import error_line, error_story
from bot.domain.digests import Attempt, Notice, Posted, Refused, Subscription, TryLater, Unsure
from bot.domain.people import Platform
from bot.messages.document import Block, Document, Entries, Entry, Heading, Paragraph
from bot.messages.names import channel
from bot.ports import Messenger, Store
from bot.wording.wording import Wording, wording

_MARKED = timedelta(days=1)  # so long the store knows for certain whether a notice went out

log = logging.getLogger(__name__)


class Notices:
    """Sends the notices that are owed. `clock` gives the present instant, in UTC."""

    def __init__(
        self, store: Store, messengers: Mapping[Platform, Messenger], clock: Callable[[], datetime], timing: Timing
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._clock = clock
        self._timing = timing

    async def drain(self, stopping: Callable[[], bool] = never) -> int:
        """Send all that are owed now, none further once `stopping` says so, and return how many owners were told."""
        told = 0
        while not stopping():
            lease_until = self._clock() + self._timing.lease
            claimed = await asyncio.to_thread(self._claim)
            if not claimed:
                break
            for notice in claimed:
                told += await self._tell(notice, lease_until)
        return told

    def _claim(self) -> Sequence[Notice]:
        return self._store.claim_notices(self._clock(), self._timing.lease, list(self._messengers), limit=1)

    async def _tell(self, notice: Notice, lease_until: datetime) -> bool:
        """Bring one claimed notice to its end or its next try; whether its owner was told now."""
        try:
            document = notice_document(notice)
        except Exception as error:  # noqa: BLE001 (one notice never holds up the others)
            log.error("notice %s could not be worded\n%s", notice.id, error_story(error))  # noqa: TRY400 (without secrets)
            await self._settle(notice)
            return False
        stands = await self._stands(notice) if notice.was_claimed else False
        if stands is None and notice.tries < MAX_TRIES:
            return False  # the claim is left to run out: only what was claimed is looked for
        if stands is not False:
            await self._settle(notice)
            return False
        return await self._post(notice, document, lease_until)

    async def _post(self, notice: Notice, document: Document, lease_until: datetime) -> bool:
        attempt = await self._attempt(notice, document, lease_until)
        match attempt:
            case TryLater(after, reason) if notice.tries < MAX_TRIES or is_ours(reason):
                await self._settle(notice, self._clock() + after)
                return False
            case TryLater(reason=reason) | Refused(reason=reason):
                log.warning("notice %s: its owner cannot be told: %s", notice.id, reason)
            case Posted() | Unsure():
                pass  # better never told than told twice: "digest why" and the owner's page say it too
        await self._settle(notice)
        return isinstance(attempt, Posted)

    async def _attempt(self, notice: Notice, document: Document, lease_until: datetime) -> Attempt:
        """Post a notice. While it goes out it is marked in the store, for whoever cannot look whether it did; the mark
        is taken back where nothing was sent, also where we are stopped before anything was.
        """
        may_be_sent = False

        def fence() -> bool:
            nonlocal may_be_sent
            may_be_sent = self._clock() < lease_until
            return may_be_sent

        messenger = self._messengers[notice.address.platform]
        attempt: Attempt = Unsure("stopped")
        await asyncio.to_thread(self._store.begin, _mark(notice), self._clock(), _MARKED)
        try:
            posting = messenger.post(notice.address, document, nonce=notice.nonce, fence=fence)
            attempt = await attempted(posting, f"notice {notice.id}", self._timing.timeout)
        finally:
            if not may_be_sent or isinstance(attempt, TryLater):
                await asyncio.to_thread(self._store.forget, _mark(notice))
        if isinstance(attempt, Unsure) and not may_be_sent:
            return TryLater(self._timing.backoff(notice.tries), attempt.reason)
        return attempt

    async def _stands(self, notice: Notice) -> bool | None:
        """Whether an earlier sender has told it; None where that is not known now. Where nobody may look, it counts as
        told if it may have gone out.
        """
        messenger = self._messengers[notice.address.platform]
        try:
            async with asyncio.timeout(self._timing.timeout.total_seconds()):
                since = notice.created_at or self._clock() - self._timing.lease
                return await messenger.find(notice.address, notice.nonce, since - CLOCKS_APART) is not None
        except LookupError:
            return await asyncio.to_thread(self._may_have_gone_out, notice)
        except Exception as error:  # noqa: BLE001 (a platform that is down is asked again)
            log.warning("notice %s could not be looked for: %s", notice.id, error_line(error))
            return None

    def _may_have_gone_out(self, notice: Notice) -> bool:
        now = self._clock()
        if now - (notice.created_at or now) >= _MARKED:
            return True  # the mark may have made room
        return not self._store.begin(_mark(notice), now, _MARKED)

    async def _settle(self, notice: Notice, not_before: datetime | None = None) -> None:
        await asyncio.to_thread(self._store.settle_notice, notice, not_before, self._clock())


def _mark(notice: Notice) -> str:
    return f"notice/{notice.nonce}"


def notice_document(notice: Notice) -> Document:
    """Return what an owner is told, in the language of the subscription: which channel, why, and what to do.

    Nothing is offered to press that would subscribe the direct messages it stands in.
    """
    words = wording(notice.subscription.locale)
    if notice.slot is None:
        blocks = _paused(notice, words)
    else:
        blocks = (_failed if notice.failed else _maybe_lost)(notice, notice.slot, words)
    return Document(words.locale, tuple(blocks))


def _paused(notice: Notice, words: Wording) -> Iterable[Block]:
    held, platform = notice.subscription, notice.subscription.address.platform
    reason, line = reason_text(notice.reason, words), typed(f"subscribe {as_typed(wish_of(held))}", platform)
    if is_deleted(notice.reason):
        told = words.say("I could not post a digest there: {reason}. No more are sent there.", reason=reason)
        then = words.say("Type this there: “{line}”. What is new from then on comes there.", line=line)
    else:
        told = words.say(
            "I could not post a digest there: {reason}. No more are sent there until you take them up again.",
            reason=reason,
        )
        then = words.say(
            "Then type this in the channel: “{line}”. What was new meanwhile comes with the next digest.", line=line
        )
    yield Heading(words.say("Digests of yours are paused"))
    yield _where(held, words)
    yield Paragraph(told)
    yield Paragraph(remedy(notice.reason, platform, words) + " " + then)


def _failed(notice: Notice, slot: datetime, words: Wording) -> Iterable[Block]:
    """Say that one digest was refused for good, and that of further ones in a row nothing is said."""
    held = notice.subscription
    told = words.say(
        "The digest of {time} could not be posted: {reason}. What it was to say comes with the next one.",
        time=words.moment(slot, held.schedule.zone),
        reason=reason_text(notice.reason, words),
    )
    then = words.say(
        "If the next one fails as well, you are not told again: “{line}” in the channel says how it stands.",
        line=typed("digest why", held.address.platform),
    )
    yield Heading(words.say("A digest of yours failed"))
    yield _where(held, words)
    yield Paragraph(told)
    if trouble(notice.reason):
        yield Paragraph(remedy(notice.reason, held.address.platform, words))
    else:
        yield Paragraph(
            words.say("If that happens again, tell whoever runs tipfacts: nobody in the channel can mend it.")
        )
    yield Paragraph(then)


def _maybe_lost(notice: Notice, slot: datetime, words: Wording) -> Iterable[Block]:
    """Say that nobody knows whether one digest stands in the channel."""
    held = notice.subscription
    told = words.say(
        "The digest of {time} may not stand there: I got no word of it, and could not find out ({reason}).",
        time=words.moment(slot, held.schedule.zone),
        reason=reason_text(notice.reason, words),
    )
    then = words.say(
        "Look in the channel. If it is not there, have it sent again with the button, or type “{line}” there.",
        line=typed("digest resend", held.address.platform),
    )
    yield Heading(words.say("A digest of yours may be lost"))
    yield _where(held, words)
    yield Paragraph(told)
    if not is_deleted(notice.reason):
        yield Paragraph(then)
    if may_not_look(notice.reason):
        yield Paragraph(remedy(notice.reason, held.address.platform, words))
    if notice.delivery_id and not is_deleted(notice.reason):
        yield lost_choices(notice.delivery_id, words)


def _where(held: Subscription, words: Wording) -> Entries:
    """Return the channel: by its name where the platform shows one."""
    return Entries((Entry(words.say("Channel"), channel(place(held.address, words), held.address)),))
