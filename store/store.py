"""The store: snapshots to read, one way to write, and the outbox."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.answering.terms import VERSION
from bot.domain.changes import Applied, Change, LoadLibrary, Once
from bot.domain.digests import Notice, Receipt, Schedule, Subscription
from bot.domain.facts import Fact
from bot.domain.lanes import Lane
from bot.domain.people import Address, Platform
from bot.messages.exchange import Context
from bot.ports import Claim, Library, Settlement, StoreUnavailableError
from store import applying, enqueuing, front, leases, notices, outbox, receipts, subscriptions
from store.audit import AuditTrail
from store.engine import WRITE_SECONDS, is_sqlite, open_reader, open_writer, reaching, read_schema, read_url
from store.held import RevisionCache
from store.index import read_index_version, rebuild_outdated
from store.library import SqlLibrary
from store.tables import HEAD, library
from store.turns import Turns


class SqlStore:
    """Implements `bot.ports.Store` on SQLite and PostgreSQL; the port says what its methods return and raise. Any
    method may raise StoreUnavailableError. Nothing is connected before the first use. Close it when done.
    """

    def __init__(self, url: str) -> None:
        self._text = url
        self._url = read_url(url)
        self._writer = open_writer(self._url)
        self._reader = open_reader(self._url)
        self._topics = RevisionCache()
        # PostgreSQL knows better who has to wait for whom.
        self._turns: AbstractContextManager[None] = Turns(WRITE_SECONDS) if is_sqlite(self._url) else nullcontext()

    def close(self) -> None:
        """Let go of all connections."""
        self._writer.dispose()
        self._reader.dispose()

    def prepare(self, *, migrate: bool) -> None:
        """See that the schema is the newest. If `migrate` says so, an SQLite file is made or migrated, and the search
        index is made anew where its words were cut in another way.

        Raises StoreUnavailableError where the schema is not the newest and may not be migrated from here.
        """
        found = read_schema(self._reader, self._url)
        if found == HEAD:
            if migrate:
                self._renew_index()
            return
        from store.upgrade import refuse_newer, upgrade  # noqa: PLC0415 (Alembic, only when there is work for it)

        if migrate and is_sqlite(self._url):
            upgrade(self._text)
            return
        refuse_newer(found)
        raise StoreUnavailableError(
            f"The database's schema is {found or 'not there yet'}, this tipfacts needs {HEAD}: "
            "run python -m bot db upgrade"
        )

    def _renew_index(self) -> None:
        with self._snapshot() as connection:
            version = read_index_version(connection)
        if version != VERSION:
            with self._transaction() as connection:
                rebuild_outdated(connection)

    def seeds_digest(self) -> str | None:
        """The digest of the seeds that were loaded last, None where none were."""
        with self._snapshot() as connection:
            digest: str | None = connection.scalar(select(library.c.seeds_digest))
            return digest

    @contextmanager
    def read(self) -> Iterator[Library]:
        """One snapshot to read from, for as long as the `with` lasts."""
        with self._snapshot() as connection:
            yield SqlLibrary(connection, self._topics)

    def apply(self, change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        """Make the change in one transaction, with its audit rows; a dry run is rolled back."""
        if isinstance(change, LoadLibrary) and change.dry_run:
            with self._rehearsal() as connection:
                return applying.apply(connection, change, AuditTrail(by, at), once)
        with self._transaction() as connection:
            return applying.apply(connection, change, AuditTrail(by, at), once)

    def enqueue_due(self, now: datetime, next_due: Callable[[Schedule], datetime], limit: int) -> int:
        """Write the deliveries of up to `limit` due subscriptions, and move these on."""
        with self._transaction() as connection:
            return enqueuing.enqueue_due(connection, now, next_due, limit)

    def renew_due(
        self, data: str, now: datetime, renewed: Callable[[Subscription], datetime], after: int, limit: int
    ) -> int | None:
        """Move what was computed with other zones and holidays, so many at a time; None where none is left."""
        with self._transaction() as connection:
            return subscriptions.renew_due(connection, data, now, renewed, after, limit)

    def lanes(self, now: datetime, platforms: Sequence[Platform]) -> Sequence[Lane]:
        """The lanes in which something may be claimed now."""
        with self._snapshot() as connection:
            return outbox.lanes(connection, now, platforms)

    def hold(self, name: str, holder: str, now: datetime, lease: timedelta) -> bool:
        """Whether a lease is now this holder's."""
        with self._transaction() as connection:
            return leases.hold(connection, name, holder, now, now + lease)

    def let_go(self, name: str, holder: str) -> None:
        """Give a lease back."""
        with self._transaction() as connection:
            leases.let_go(connection, name, holder)

    def claim(self, now: datetime, lease: timedelta, lane: Lane, limit: int, holder: str) -> Sequence[Claim]:
        """Claim deliveries of a lane under a lease, the oldest slots first."""
        with self._transaction() as connection:
            if not leases.hold(connection, lane.name, holder, now, now + lease):
                return []
            return outbox.claim(connection, now, lease, lane, limit)

    def note_shown(self, delivery_id: int, fence: int, facts: Sequence[Fact], as_of: int) -> bool:
        """Record which fact versions the digest is about to show; False where it is not to be posted."""
        with self._transaction() as connection:
            return outbox.note_shown(connection, delivery_id, fence, facts, as_of)

    def settle(self, claim: Claim, settlement: Settlement, at: datetime) -> bool:
        """End a claim; False where it is no longer held."""
        with self._transaction() as connection:
            return outbox.settle(connection, claim, settlement, at)

    def claim_notices(
        self, now: datetime, lease: timedelta, platforms: Sequence[Platform], limit: int
    ) -> Sequence[Notice]:
        """Claim notices under a lease, the oldest first."""
        with self._transaction() as connection:
            return notices.claim(connection, now, lease, platforms, limit)

    def settle_notice(self, notice: Notice, not_before: datetime | None, at: datetime) -> bool:
        """End a notice or owe it again; False where it is no longer held."""
        del at  # notices have no steps to date
        with self._transaction() as connection:
            return notices.settle(connection, notice, not_before)

    def begin(self, key: str, now: datetime, patience: timedelta) -> bool:
        """Whether an event is to be acted on now."""
        with self._transaction() as connection:
            return front.begin(connection, key, now, patience)

    def finish(self, key: str, at: datetime) -> None:
        """Never act on this event again."""
        with self._transaction() as connection:
            front.finish(connection, key, at)

    def forget(self, key: str) -> None:
        """Let this event be begun anew."""
        with self._transaction() as connection:
            front.forget(connection, key)

    def park(self, text: str, by: str, at: datetime) -> str:
        """Keep a text for a person; return its token."""
        with self._transaction() as connection:
            return front.park(connection, text, by, at)

    def parked(self, token: str, by: str) -> str | None:
        """What this person parked under a token."""
        with self._snapshot() as connection:
            return front.find_parked(connection, token, by)

    def remember(self, conversation: Address, context: Context, at: datetime) -> None:
        """Keep what a conversation is about."""
        with self._transaction() as connection:
            front.remember(connection, conversation, context, at)

    def recall(self, conversation: Address, since: datetime) -> Context | None:
        """What a conversation was about lately."""
        with self._snapshot() as connection:
            return front.recall(connection, conversation, since)

    def note_receipt(self, receipt: Receipt) -> None:
        """Keep where a public message stands and what it shows."""
        with self._transaction() as connection:
            receipts.write(connection, receipt)

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        with reaching(self._url), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def _rehearsal(self) -> Iterator[Connection]:
        """A transaction that is never committed."""
        with reaching(self._url), self._turns, self._writer.connect() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with reaching(self._url), self._turns, self._writer.begin() as connection:
            yield connection
