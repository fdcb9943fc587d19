"""What tables are made of: how their keys and indexes are named, and the columns that several have."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, Text

from bot.domain.changes import Origin
from bot.domain.facts import Standing
from bot.domain.people import Platform
from store.columns import Choice, Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def own_id() -> Column[int]:
    """Return an id that the store gives out."""
    return Column("id", Integer, primary_key=True, autoincrement=False)


def row_id() -> Column[int]:
    """Return an id that the database gives out."""
    return Column("id", Integer, primary_key=True)


def key() -> Column[str]:
    """Return the key that files use."""
    return Column("key", Text, nullable=False, unique=True)


def ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    """Return a reference to a row of another table."""
    return Column(name, Integer, ForeignKey(target), nullable=nullable, index=index)


def wording(name: str) -> list[Column[str]]:
    """Return the two columns of a text in both languages."""
    return [Column(f"{name}_en", Text), Column(f"{name}_zh", Text)]


def version_of(identity: str) -> list[Column[int]]:
    """Return what names a version of an identity row."""
    return [
        Column("id", Integer, ForeignKey(f"{identity}.id"), primary_key=True, autoincrement=False),
        Column("version", Integer, primary_key=True, autoincrement=False),
    ]


def written() -> list[Column[object]]:
    """Return what each version says of its writing."""
    return [
        Column("revision", Integer, nullable=False, index=True),
        Column("origin", Choice(Origin), nullable=False),
        Column("created_at", Instant, nullable=False),
    ]


def held_once() -> list[Column[object]]:
    """Of what is held in one version only. The origin is empty in rows older than that column, where none was found."""
    return [Column("revision", Integer, nullable=False), Column("origin", Choice(Origin))]


def standing() -> list[Column[object]]:
    """Return whether it holds, why not, and whether channels were to hear of it."""
    return [
        Column("standing", Choice(Standing), nullable=False),
        Column("reason", Text),
        Column("announced", Boolean, nullable=False),
    ]


def address() -> list[Column[object]]:
    """An address; thread and user are empty where there is none, so that a unique index sees them."""
    return [
        Column("platform", Choice(Platform), nullable=False),
        Column("space", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("thread", Text, nullable=False),
        Column("dm_user", Text, nullable=False),
    ]
