"""Questions that nothing held answers: how often each was asked, for editors to see what is missing."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, select, text, tuple_

from bot.domain.changes import Applied, CountUnanswered, ForgetUnanswered
from bot.domain.words import Unanswered
from store.audit import AuditTrail
from store.columns import Instant
from store.tables import unanswered

MOST = 5_000  # questions that are kept
LONGEST_QUESTION = 500  # characters; PostgreSQL cannot index a text of any length
_TRIM = 100  # questions dropped at once, should there ever be more than one too many
UNANSWERED = "unanswered"
# In words, because SQLAlchemy says it differently for each database, and both say this.
_COUNT = text(
    "INSERT INTO unanswered (question, locale, times, first_at, last_at) VALUES (:question, :locale, 1, :at, :at) "
    "ON CONFLICT (question, locale) DO UPDATE SET times = unanswered.times + 1, last_at = excluded.last_at "
    "RETURNING times"
).bindparams(bindparam("locale", type_=unanswered.c.locale.type), bindparam("at", type_=Instant()))


def count(connection: Connection, change: CountUnanswered, trail: AuditTrail) -> Applied:
    """Count a question once more. Where it is one too many, those asked least and longest ago are dropped."""
    question = _kept(change.question)
    row = {"question": question, "locale": change.locale, "at": trail.at}
    if connection.execute(_COUNT, row).scalar_one() > 1:
        return Applied(changed=1)
    _make_room(connection, question)
    return Applied(added=1)


def forget(connection: Connection, change: ForgetUnanswered, trail: AuditTrail) -> Applied:
    """Drop a question, or all. The log says how many, not what people asked."""
    which = delete(unanswered)
    if change.question is not None:
        which = which.where(unanswered.c.question == _kept(change.question))
    dropped = connection.execute(which).rowcount
    if not dropped:
        return Applied(unchanged=1)
    trail.note("forget", UNANSWERED, {"questions": dropped}, None)
    return Applied(changed=dropped)


def most_asked(connection: Connection, limit: int) -> Sequence[Unanswered]:
    """See `bot.ports.Library.unanswered`."""
    row = unanswered.c
    query = select(row.question, row.locale, row.times, row.last_at)
    often_first = query.order_by(row.times.desc(), row.last_at.desc(), row.question).limit(limit)
    return [Unanswered(*each) for each in connection.execute(often_first)]


def _make_room(connection: Connection, added: str) -> None:
    """Drop what is over the limit, but never what was just added: it would have no chance to be asked again."""
    over = int(connection.scalar(select(func.count()).select_from(unanswered)) or 0) - MOST
    if over <= 0:
        return
    row = unanswered.c
    least = select(row.question, row.locale).where(row.question != added).order_by(row.times, row.last_at)
    # Skipped are rows that another process drops at this moment: two that wait for each other would both fail.
    dropped = connection.execute(least.limit(min(over, _TRIM)).with_for_update(skip_locked=True)).all()
    connection.execute(delete(unanswered).where(tuple_(row.question, row.locale).in_(map(tuple, dropped))))


def _kept(question: str) -> str:
    """The question as it can be kept: cut, and without what no database takes."""
    return question.replace("\0", "")[:LONGEST_QUESTION].encode("utf-8", "replace").decode()
