"""One delivery: it is looked for where it may already stand, derived, posted and settled."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.digests.posting import MAX_TRIES, Timing, attempted
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
            wait = self._timing.backoff(claim.delivery.tries)
            unsure = claim.was in _MAY_BE_POSTED
            settlement = self._unsure(claim, _INTERNAL, wait) if unsure else self._again(_INTERNAL, wait)
        settled = await asyncio.to_thread(self._store.settle, claim, settlement, self._clock())
        return settlement.state if settled else None

    async def _attempt(self, claim: Claim) -> Settlement:
        delivery = claim.delivery
        messenger = self._messengers[delivery.subscription.address.platform]
        if claim.was in _MAY_BE_POSTED:
            settlement = await self._looked_for(claim, messenger)
            if settlement:
                return settlement
        digest, document = await asyncio.to_thread(self._derive, delivery)
        if digest.is_empty:
            return Settlement(DeliveryState.EMPTY, reason=WITHDRAWN if digest.dropped else None)
        return self._settlement(claim, await self._post(claim, messenger, document))

    async def _looked_for(self, claim: Claim, messenger: Messenger) -> Settlement | None:
        """Settle a delivery that may already stand in the channel; None when it is proven absent."""
        delivery = claim.delivery
        try:
            async with asyncio.timeout(self._timing.timeout.total_seconds()):
                found = await messenger.find(delivery.subscription.address, delivery.nonce, delivery.slot)
        except (LookupError, TimeoutError) as error:
            reason = str(error) or "no reply in time"
            if may_not_look(reason) and self._sends_again:
                return None
            return self._unsure(claim, reason, self._timing.backoff(delivery.tries))
        return Settlement(DeliveryState.SENT, message_id=found) if found else None

    def _derive(self, delivery: Delivery) -> tuple[Digest, Document]:
        """Return what the delivery is to say, and note what it will have shown."""
        held = delivery.subscription
        with self._store.read() as library:
            digest = library.digest(delivery.from_revision, delivery.to_revision, held.topics, held.id, held.excluded)
        document = digest_document(digest, held.locale, held)
        if not digest.is_empty:
            self._store.note_shown(delivery.id, delivery.fence, document.facts)
        return digest, document

    async def _post(self, claim: Claim, messenger: Messenger, document: Document) -> Attempt:
        delivery = claim.delivery

        def fence() -> bool:
            """Nobody else may claim it before its lease runs out, and what is posted has to show by then."""
            return self._clock() < claim.lease_until - self._timing.settling

        address = delivery.subscription.address
        posting = messenger.post(address, document, nonce=delivery.nonce, fence=fence)
        return await attempted(posting, f"delivery {delivery.id}", self._timing.timeout)

    def _settlement(self, claim: Claim, attempt: Attempt) -> Settlement:
        match attempt:
            case Posted(message_id, unshown):
                return Settlement(DeliveryState.SENT, message_id=message_id, unshown=unshown)
            case TryLater(after, reason):
                return self._again(reason, after)
            case Unsure(reason):
                if claim.delivery.tries >= MAX_TRIES:
                    return self._given_up(claim, reason)
                return self._unsure(claim, reason, self._timing.settling)
            case Refused(reason, gone):
                if gone:
                    return Settlement(DeliveryState.PAUSED, reason=reason, pause=True)
                return Settlement(DeliveryState.FAILED, reason=reason, still_owed=True)

    def _again(self, reason: str, after: timedelta) -> Settlement:
        """Try later what was certainly not posted."""
        return Settlement(DeliveryState.WAITING, reason=reason, not_before=self._clock() + after)

    def _unsure(self, claim: Claim, reason: str, after: timedelta) -> Settlement:
        """Look later for what may have been posted. Where that is not permitted, or was in vain for days, it is given
        up, since saying it again might double it: its owner is told, and looks.
        """
        if may_not_look(reason) or self._clock() - claim.delivery.slot > LOOKED_FOR:
            return self._given_up(claim, reason)
        return Settlement(DeliveryState.UNSURE, reason=reason, not_before=self._clock() + after)

    def _given_up(self, claim: Claim, reason: str) -> Settlement:
        log.warning("delivery %s may or may not have been posted, and is given up: %s", claim.delivery.id, reason)
        return Settlement(DeliveryState.UNKNOWN, reason=reason)
