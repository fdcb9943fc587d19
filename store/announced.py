"""Which facts a range of revisions has something to say of: they, or their statements, were announced in it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, CompoundSelect, Table, select, union

from store.tables import fact_versions, facts, statement_versions

Where = Callable[[Column[int]], ColumnElement[bool]]


def announced_facts(after: int, upto: int, where: Where | None = None) -> CompoundSelect[Any]:
    """Return a query for the ids of the facts of which something was announced in the revisions (after, upto]; `where`
    says of the column of their ids which of them count.
    """
    own = select(fact_versions.c.id).where(*_announced(fact_versions, after, upto))
    of_statements = select(statement_versions.c.id).where(*_announced(statement_versions, after, upto))
    stated = select(facts.c.id).where(facts.c.statement_id.in_(of_statements))
    if where:
        own, stated = own.where(where(fact_versions.c.id)), stated.where(where(facts.c.id))
    return union(own, stated)


def _announced(versions: Table, after: int, upto: int) -> tuple[ColumnElement[bool], ...]:
    return versions.c.revision > after, versions.c.revision <= upto, versions.c.announced.is_(True)
