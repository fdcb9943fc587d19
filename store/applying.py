"""Making a change in a transaction: each kind by the module that knows it, with its audit rows and its revision."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, insert, update

from bot.domain.changes import (
    AddTopic,
    AlreadyDoneError,
    Applied,
    Change,
    CorrectFact,
    CountUnanswered,
    EditTopic,
    EditWords,
    ForgetUnanswered,
    GrantRole,
    IssueClaimCode,
    LoadLibrary,
    Once,
    Origin,
    RevokeRole,
    SaveSubscription,
    SendAgain,
    SetFactStanding,
    SetStatementStanding,
    SetSubscriptionState,
    TakeAsPosted,
    UseClaimCode,
)
from store import deliveries, edits, roles, subscriptions, unanswered, vocabulary
from store.audit import AuditTrail
from store.library import SqlLibrary
from store.loading import load_library
from store.tables import library, replies
from store.writing import Write, bump, lock_library, read_revision

_LibraryChange = LoadLibrary | CorrectFact | SetFactStanding | SetStatementStanding | AddTopic | EditTopic | EditWords


def apply(connection: Connection, change: Change, trail: AuditTrail, once: Once | None) -> Applied:
    """See `bot.ports.Store.apply`."""
    # Whoever only counts a question does not wait for a long load to end, unless it has to be counted once.
    counts_only = isinstance(change, CountUnanswered) and once is None
    revision = read_revision(connection) if counts_only else lock_library(connection)
    _refuse_again(connection, once)
    write = Write(connection, trail, revision + 1)
    applied = _make(write, change)
    moved = isinstance(change, _LibraryChange) and bool(applied.added or applied.changed)
    applied = replace(applied, revision=write.revision if moved else revision)
    trail.write(connection)
    _remember(connection, change, applied, trail.at, once)
    if moved:
        bump(connection, write.revision)
    return applied


def _make(write: Write, change: Change) -> Applied:
    if isinstance(change, _LibraryChange):
        return _change_library(write, change)
    connection, trail = write.connection, write.trail
    match change:
        case CountUnanswered():
            return unanswered.count(connection, change, trail)
        case ForgetUnanswered():
            return unanswered.forget(connection, change, trail)
        case GrantRole():
            return roles.grant(connection, change, trail)
        case RevokeRole():
            return roles.revoke(connection, change, trail)
        case IssueClaimCode():
            return roles.issue_code(connection, change, trail)
        case UseClaimCode():
            return roles.use_code(connection, change, trail)
        case _:
            return _change_subscription(write, change)


def _change_subscription(
    write: Write, change: SaveSubscription | SetSubscriptionState | SendAgain | TakeAsPosted
) -> Applied:
    connection, trail = write.connection, write.trail
    match change:
        case SaveSubscription():
            return subscriptions.save(connection, change, trail, write.revision - 1)
        case SetSubscriptionState():
            return subscriptions.set_state(connection, change, trail)
        case SendAgain():
            return deliveries.send_again(connection, change, trail)
        case TakeAsPosted():
            return deliveries.take_as_posted(connection, change, trail)


def _change_library(write: Write, change: _LibraryChange) -> Applied:
    match change:
        case LoadLibrary():
            return load_library(write, change)
        case CorrectFact():
            return edits.correct_fact(write, change)
        case SetFactStanding():
            return edits.set_fact_standing(write, change)
        case SetStatementStanding():
            return edits.set_statement_standing(write, change)
        case AddTopic():
            return vocabulary.add_topic(write, change)
        case EditTopic():
            return vocabulary.edit_topic(write, change)
        case EditWords():
            return vocabulary.edit_words(write, change)


def _refuse_again(connection: Connection, once: Once | None) -> None:
    if once is None:
        return
    reply = SqlLibrary(connection).reply_to(once.key)
    if reply is not None:
        raise AlreadyDoneError(reply)


def _remember(connection: Connection, change: Change, applied: Applied, at: datetime, once: Once | None) -> None:
    """Keep the reply for a retry, and which seeds these were for the next start."""
    if isinstance(change, LoadLibrary) and change.origin is Origin.SEEDS:
        connection.execute(update(library).values(seeds_digest=change.digest))
    if once is not None:
        connection.execute(insert(replies), {"once_key": once.key, "at": at, "reply": once.word(applied)})
