"""Sending what is owed: the tick writes deliveries, the drain claims, derives, posts and settles them."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.digests.notices import Notices
from bot.digests.posting import LEASE, MAX_TRIES, POST_TIMEOUT, attempted, backoff, never
from bot.digests.report import TickReport
from bot.digests.schedule import next_due
from bot.digests.why import WITHDRAWN
from bot.digests.wording import digest_document
from bot.discreet import error_story
from bot.domain.digests import Attempt, Delivery, DeliveryState, Digest, Posted, Refused, Subscription, TryLater, Unsure
from bot.domain.people import Platform
from bot.messages.document import Document
from bot.ports import Claim, Messenger, Settlement, Store

BATCH = 500
SETTLING_TIME = timedelta(minutes=1)  # how long an unsure message may take to show in the channel
_MAY_BE_POSTED = (DeliveryState.CLAIMED, DeliveryState.UNSURE)

log = logging.getLogger(__name__)


class Sender:
    """Enqueues and drains the outbox. `clock` gives the present instant, in UTC."""

    def __init__(
        self, store: Store, messengers: Mapping[Platform, Messenger], clock: Callable[[], datetime] | None = None
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._clock = clock or (lambda: datetime.now(UTC))
        self._notices = Notices(store, messengers, self._clock)

    async def tick(self, stopping: Callable[[], bool] = never) -> TickReport:
        """Write what is due now into the outbox, send all that is owed, and return what came of it.

        Once `stopping` says so nothing further is claimed: what is left stays owed, for the next tick.
        """
        report = TickReport(due=await asyncio.to_thread(self._enqueue))
        while not stopping() and (claims := await asyncio.to_thread(self._claim)):
            for claim in claims:
                state = await self._deliver(claim)
                if state:
                    report.ended[state] = report.count(state) + 1
        report.told = await self._notices.drain(stopping)
        return report

    def _enqueue(self) -> int:
        now = self._clock()
        total = 0

        def following(subscription: Subscription) -> datetime:
            return next_due(subscription.schedule, now)

        while True:
            due = self._store.enqueue_due(now, following, BATCH)
            total += due
            if due < BATCH:
                return total

    def _claim(self) -> list[Claim]:
        return list(self._store.claim(self._clock(), LEASE, list(self._messengers), limit=1))

    async def _deliver(self, claim: Claim) -> DeliveryState | None:
        """Bring one claimed delivery to its next state and return it; None when another sender has taken it over."""
        try:
            settlement = await self._attempt(claim)
        except Exception as error:  # noqa: BLE001 (one delivery never holds up the others)
            log.error("delivery %s could not be attempted\n%s", claim.delivery.id, error_story(error))  # noqa: TRY400
            settle = self._unsure if claim.was in _MAY_BE_POSTED else self._again
            settlement = settle(claim, "internal error", backoff(claim.delivery.tries))
        settled = await asyncio.to_thread(self._store.settle, claim, settlement, self._clock())
        return settlement.state if settled else None

    async def _attempt(self, claim: Claim) -> Settlement:
        delivery = claim.delivery
        messenger = self._messengers[delivery.subscription.address.platform]
        if claim.was in _MAY_BE_POSTED:
            settlement = await self._looked_for(claim, messenger)
            if settlement:
                return settlement
        digest = await asyncio.to_thread(self._derive, delivery)
        if digest.is_empty:
            return Settlement(DeliveryState.EMPTY, reason=WITHDRAWN if digest.dropped else None)
        document = digest_document(digest, delivery.subscription.locale, delivery.subscription)
        await asyncio.to_thread(self._store.note_shown, delivery.id, delivery.fence, document.facts)
        return self._settlement(claim, await self._post(claim, messenger, document))

    async def _looked_for(self, claim: Claim, messenger: Messenger) -> Settlement | None:
        """Settle a delivery that may already stand in the channel; None when it is proven absent."""
        delivery = claim.delivery
        try:
            async with asyncio.timeout(POST_TIMEOUT.total_seconds()):
                found = await messenger.find(delivery.subscription.address, delivery.nonce, delivery.slot)
        except (LookupError, TimeoutError) as error:
            return self._unsure(claim, str(error) or "no reply in time", backoff(delivery.tries))
        return Settlement(DeliveryState.SENT, message_id=found) if found else None

    def _derive(self, delivery: Delivery) -> Digest:
        with self._store.read() as library:
            held = delivery.subscription
            return library.digest(delivery.from_revision, delivery.to_revision, held.topics, held.id)

    async def _post(self, claim: Claim, messenger: Messenger, document: Document) -> Attempt:
        delivery = claim.delivery

        def fence() -> bool:
            return self._store.holds(delivery.id, delivery.fence, self._clock())

        address = delivery.subscription.address
        posting = messenger.post(address, document, nonce=delivery.nonce, fence=fence)
        return await attempted(posting, f"delivery {delivery.id}", POST_TIMEOUT)

    def _settlement(self, claim: Claim, attempt: Attempt) -> Settlement:
        match attempt:
            case Posted(message_id, unshown):
                return Settlement(DeliveryState.SENT, message_id=message_id, unshown=unshown)
            case TryLater(after, reason):
                return self._again(claim, reason, after)
            case Unsure(reason):
                return self._unsure(claim, reason, SETTLING_TIME)
            case Refused(reason, gone):
                if gone:
                    return Settlement(DeliveryState.PAUSED, reason=reason, pause=True)
                return Settlement(DeliveryState.FAILED, reason=reason, still_owed=True)

    def _again(self, claim: Claim, reason: str, after: timedelta) -> Settlement:
        """Try later what was certainly not posted; after too many tries leave it to the next digest."""
        if claim.delivery.tries >= MAX_TRIES:
            return Settlement(DeliveryState.FAILED, reason=reason, still_owed=True)
        return Settlement(DeliveryState.WAITING, reason=reason, not_before=self._clock() + after)

    def _unsure(self, claim: Claim, reason: str, after: timedelta) -> Settlement:
        """Look later for what may have been posted; after too many tries give up: saying it again might double it. Its
        owner is told then, and looks.
        """
        if claim.delivery.tries >= MAX_TRIES:
            log.warning("delivery %s may or may not have been posted, and is given up: %s", claim.delivery.id, reason)
            return Settlement(DeliveryState.UNKNOWN, reason=reason)
        return Settlement(DeliveryState.UNSURE, reason=reason, not_before=self._clock() + after)
