"""One delivery: it is looked for where it may already stand, derived, posted and settled."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.digests.covered import covered_by
from bot.digests.posting import CLOCKS_APART, MAX_TRIES, Timing, attempted
from bot.digests.reasons import may_not_look
from bot.digests.why import WITHDRAWN
from bot.digests.wording import digest_document
from bot.discreet import error_story
from bot.domain.digests import Attempt, Delivery, DeliveryState, Digest, Posted, Refused, TryLater, Unsure
from bot.domain.people import Platform
from bot.messages.document import Document
from bot.ports import Claim, Messenger, Settlement, Store

LOOKED_FOR = timedelta(days=3)  # so long what may have been posted is looked for while the platform does not answer
_INTERNAL = "internal error"
_MAY_BE_POSTED = (DeliveryState.CLAIMED, DeliveryState.UNSURE)

log = logging.getLogger(__name__)


class Delivering:
    """Brings claimed deliveries to their next state. `clock` gives the present instant, in UTC.

    Where nobody may look whether a message stands in its channel, `sends_again` says to post it once more, which may
    double it; else its owner is told, and decides.
    """

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        clock: Callable[[], datetime],
        timing: Timing,
        *,
        sends_again: bool = False,
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._clock = clock
        self._timing = timing
        self._sends_again = sends_again

    async def deliver(self, claim: Claim) -> DeliveryState | None:
        """Bring one claimed delivery to its next state and return it; None when another sender has taken it over."""
        try:
            settlement = await self._attempt(claim)
        except Exception as error:  # noqa: BLE001 (one delivery never holds up the others)
            log.error("delivery %s could not be attempted\n%s", claim.delivery.id, error_story(error))  # noqa: TRY400
            unsure = claim.was in _MAY_BE_POSTED
            wait = self._timing.backoff(claim.delivery.tries)
            settlement = self._not_found(claim, _INTERNAL) if unsure else self._again(_INTERNAL, wait)
        settled = await self._settled(claim, settlement)
        return settlement.state if settled else None

    async def _settled(self, claim: Claim, settlement: Settlement) -> bool:
        """Settle, trying again while the claim lasts: a store that is busy for a while must not make a digest one that
        may be lost.
        """
        while True:
            try:
                return await asyncio.to_thread(self._store.settle, claim, settlement, self._clock())
            except Exception as error:  # noqa: BLE001 (as above)
                if self._clock() >= claim.lease_until:
                    log.error("delivery %s could not be settled\n%s", claim.delivery.id, error_story(error))  # noqa: TRY400
                    return False
            await asyncio.sleep(self._timing.pause.total_seconds())

    async def _attempt(self, claim: Claim) -> Settlement:
        delivery = claim.delivery
        messenger = self._messengers[delivery.subscription.address.platform]
        if claim.was in _MAY_BE_POSTED:
            settlement = await self._looked_for(claim, messenger)
            if settlement:
                return settlement
        digest, document = await asyncio.to_thread(self._derive, delivery, messenger)
        if digest.is_empty:
            return Settlement(DeliveryState.EMPTY, WITHDRAWN if digest.dropped else None, as_of=digest.as_of)
        note = partial(self._store.note_shown, delivery.id, delivery.fence, document.facts, digest.as_of)
        if not await asyncio.to_thread(note):  # whoever has unsubscribed meanwhile is not sent another one
            return Settlement(DeliveryState.PAUSED, reason=delivery.subscription.note)
        return self._settlement(claim, await self._post(claim, messenger, document))

    async def _looked_for(self, claim: Claim, messenger: Messenger) -> Settlement | None:
        """Settle a delivery that may already stand in the channel; None when it is proven absent."""
        delivery = claim.delivery
        try:
            async with asyncio.timeout(self._timing.timeout.total_seconds()):
                since = _may_stand_since(delivery) - CLOCKS_APART
                found = await messenger.find(delivery.subscription.address, delivery.nonce, since)
        except (LookupError, TimeoutError) as error:
            reason = str(error) or "no reply in time"
            if may_not_look(reason) and self._sends_again:
                return None
            return self._not_found(claim, reason)
        return Settlement(DeliveryState.SENT, message_id=found) if found else None

    def _derive(self, delivery: Delivery, messenger: Messenger) -> tuple[Digest, Document]:
        """Return what the delivery is to say. What a message there has no room for is left out and counted, so that it
        does not count as shown even where no word comes of the post.
        """
        held = delivery.subscription
        with self._store.read() as library:
            digest = library.digest(delivery.from_revision, delivery.to_revision, held.topics, held.id, held.excluded)
            covered = None if digest.is_empty else covered_by(delivery, library, self._clock())
        without = frozenset[int]()
        while True:
            document = digest_document(digest, held.locale, held, covered=covered, without=without)
            unshown = messenger.unshown(held.address, document)
            if unshown <= without:
                return digest, document
            without |= unshown

    async def _post(self, claim: Claim, messenger: Messenger, document: Document) -> Attempt:
        delivery, may_be_sent = claim.delivery, False

        def fence() -> bool:
            """Nobody else may claim it before its lease runs out, and what is posted has to show by then."""
            nonlocal may_be_sent
            may_be_sent = self._clock() < claim.lease_until - self._timing.settling
            return may_be_sent

        address = delivery.subscription.address
        posting = messenger.post(address, document, nonce=delivery.nonce, fence=fence)
        attempt = await attempted(posting, f"delivery {delivery.id}", self._timing.timeout)
        if isinstance(attempt, Unsure) and not may_be_sent:
            return TryLater(self._timing.backoff(delivery.tries), attempt.reason)
        return attempt

    def _settlement(self, claim: Claim, attempt: Attempt) -> Settlement:
        match attempt:
            case Posted(message_id, unshown):
                return Settlement(DeliveryState.SENT, message_id=message_id, unshown=unshown)
            case TryLater(after, reason):
                return self._again(reason, after)
            case Unsure(reason):
                return self._unconfirmed(claim, reason)
            case Refused(reason, gone):
                if gone:
                    return Settlement(DeliveryState.PAUSED, reason=reason, pause=True)
                log.warning("delivery %s failed for good: %s", claim.delivery.id, reason)
                return Settlement(DeliveryState.FAILED, reason=reason, still_owed=True)

    def _again(self, reason: str, after: timedelta) -> Settlement:
        """Try later what was certainly not posted."""
        return Settlement(DeliveryState.WAITING, reason=reason, not_before=self._clock() + after)

    def _unconfirmed(self, claim: Claim, reason: str) -> Settlement:
        """Look soon for what was just posted without a word, however long ago it was due; but one that is posted so
        again and again is given up.
        """
        if claim.delivery.unconfirmed + 1 >= MAX_TRIES:
            return replace(_given_up(claim, reason), unconfirmed=True)
        at = self._clock() + self._timing.settling
        return Settlement(DeliveryState.UNSURE, reason=reason, not_before=at, unconfirmed=True)

    def _not_found(self, claim: Claim, reason: str) -> Settlement:
        """Look again later, after a look that was not to be had. Where none is permitted, or all were in vain for days,
        it is given up, since saying it again might double it: its owner is told, and looks.
        """
        unsure_for = self._clock() - _may_stand_since(claim.delivery)
        if may_not_look(reason) or unsure_for > LOOKED_FOR:
            return _given_up(claim, reason)
        at = self._clock() + self._timing.patience(unsure_for)
        return Settlement(DeliveryState.UNSURE, reason=reason, not_before=at)


def _may_stand_since(delivery: Delivery) -> datetime:
    return delivery.unsure_since or delivery.slot


def _given_up(claim: Claim, reason: str) -> Settlement:
    log.warning("delivery %s may or may not have been posted, and is given up: %s", claim.delivery.id, reason)
    return Settlement(DeliveryState.UNKNOWN, reason=reason)
