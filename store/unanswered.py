"""Questions that nothing held answers: how often each was asked, for editors to see what is missing."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, text, tuple_

from bot.domain.changes import Applied, CountUnanswered, ForgetUnanswered
from bot.domain.people import Platform
from bot.domain.words import Unanswered
from store.audit import AuditTrail
from store.columns import Instant
from store.rows import space_of
from store.tables import unanswered

MOST = 5_000  # questions that are kept
LONGEST_QUESTION = 500  # characters; PostgreSQL cannot index a text of any length
_TRIM = 100  # questions dropped at once, should there ever be more than one too many
UNANSWERED = "unanswered"
_CONSOLE = (Platform.CONSOLE, "local")  # where whoever is of no workspace or guild asks
# In words, because SQLAlchemy says it differently for each database, and both say this.
_COUNT = text(
    "INSERT INTO unanswered (platform, space, question, locale, times, first_at, last_at) "
    "VALUES (:platform, :space, :question, :locale, 1, :at, :at) "
    "ON CONFLICT (platform, space, question, locale) "
    "DO UPDATE SET times = unanswered.times + 1, last_at = excluded.last_at RETURNING times"
).bindparams(
    bindparam("platform", type_=unanswered.c.platform.type),
    bindparam("locale", type_=unanswered.c.locale.type),
    bindparam("at", type_=Instant()),
)


def count(connection: Connection, change: CountUnanswered, trail: AuditTrail) -> Applied:
    """Count a question once more. Where it is one too many, those asked least and longest ago are dropped."""
    question = _kept(change.question)
    platform, space = space_of(trail.actor) or _CONSOLE
    row = {"platform": platform, "space": space, "question": question, "locale": change.locale, "at": trail.at}
    if connection.execute(_COUNT, row).scalar_one() > 1:
        return Applied(changed=1)
    _make_room(connection, question)
    return Applied(added=1)


def forget(connection: Connection, change: ForgetUnanswered, trail: AuditTrail) -> Applied:
    """Drop a question, or all. The log says how many, not what people asked."""
    which = delete(unanswered).where(*_heard_by(trail.actor))
    if change.question is not None:
        which = which.where(unanswered.c.question == _kept(change.question))
    dropped = connection.execute(which).rowcount
    if not dropped:
        return Applied(unchanged=1)
    trail.note("forget", UNANSWERED, {"questions": dropped}, None)
    return Applied(changed=dropped)


def most_asked(connection: Connection, limit: int, asker: str) -> Sequence[Unanswered]:
    """See `bot.ports.Library.unanswered`."""
    row = unanswered.c
    times, last = func.sum(row.times), func.max(row.last_at)
    query = select(row.question, row.locale, times, last).where(*_heard_by(asker)).group_by(row.question, row.locale)
    often_first = query.order_by(times.desc(), last.desc(), row.question).limit(limit)
    return [Unanswered(*each) for each in connection.execute(often_first)]


def _make_room(connection: Connection, added: str) -> None:
    """Drop what is over the limit, but never what was just added: it would have no chance to be asked again."""
    over = int(connection.scalar(select(func.count()).select_from(unanswered)) or 0) - MOST
    if over <= 0:
        return
    row = unanswered.c
    key = unanswered.primary_key.columns
    least = select(*key).where(row.question != added).order_by(row.times, row.last_at)
    # Skipped are rows that another process drops at this moment: two that wait for each other would both fail.
    dropped = connection.execute(least.limit(min(over, _TRIM)).with_for_update(skip_locked=True)).all()
    connection.execute(delete(unanswered).where(tuple_(*key).in_(map(tuple, dropped))))


def _heard_by(asker: str) -> Sequence[ColumnElement[bool]]:
    """What a question has to meet for this person to hear of it."""
    where = space_of(asker)
    return (unanswered.c.platform == where[0], unanswered.c.space == where[1]) if where else ()


def _kept(question: str) -> str:
    """The question as it can be kept: cut, and without what no database takes."""
    return question.replace("\0", "")[:LONGEST_QUESTION].encode("utf-8", "replace").decode()
