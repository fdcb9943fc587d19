"""What a check-up of an installation finds, and the part of it that needs no platform: database, library, admins."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.desk.problems import LibraryFileError
from bot.domain.facts import Counts
from bot.domain.people import Role
from bot.installation import Installation
from bot.ports import StoreUnavailableError
from bot.settings import Settings, SettingsError

_SQLITE = "sqlite:///"


class Verdict(StrEnum):
    """How a check ended. Only what failed keeps something from working that the settings ask for."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: what was looked at, what is the case, and what to do about it. It never holds a secret."""

    verdict: Verdict
    subject: str
    text: str
    advice: str = ""


def check_installation(opening: Callable[[], Installation], settings: Settings) -> list[Finding]:
    """Open the installation and say how database, library and admins stand. Nothing is raised for the operator's
    faults: they are findings.
    """
    database = _database_name(settings.database_url)
    try:
        installation = opening()
    except StoreUnavailableError as error:
        return [Finding(Verdict.FAILED, "Database", f"{database} cannot be used.", str(error))]
    except (SettingsError, LibraryFileError) as error:
        return [Finding(Verdict.FAILED, "Library", "The seeds are not loaded.", str(error))]
    try:
        with installation.store.read() as library:
            counts, revision = library.counts(), library.revision()
            holders = [holder.actor for holder in library.role_holders() if holder.role is Role.ADMIN]
    except StoreUnavailableError as error:
        return [Finding(Verdict.FAILED, "Database", f"{database} cannot be read.", str(error))]
    finally:
        installation.close()
    return [
        Finding(Verdict.OK, "Database", f"{database} is open, and its schema is the newest."),
        _library(counts, revision),
        _admins(sorted({*settings.admins, *holders})),
    ]


def _library(counts: Counts, revision: int) -> Finding:
    if not counts.facts:
        advice = "Take TIPFACTS_SEEDS out of the environment, or load a file: python -m bot import FILE."
        return Finding(Verdict.WARNING, "Library", "It holds no facts, so that no question has an answer.", advice)
    held = f"{counts.facts} facts, {counts.topics} topics, {counts.statements} statements"
    return Finding(Verdict.OK, "Library", f"{held}; revision {revision}.")


def _admins(names: list[str]) -> Finding:
    if not names:
        advice = "Run python -m bot claim-code, and type what it says within an hour; or set TIPFACTS_ADMINS."
        return Finding(Verdict.WARNING, "Admins", "Nobody is admin, so that nobody can name editors.", advice)
    return Finding(Verdict.OK, "Admins", f"{', '.join(names)}.")


def _database_name(url: str) -> str:
    """Return the database in words without user, password or host: these stay in the setting."""
    if url.startswith(_SQLITE):
        return f"SQLite, {url.removeprefix(_SQLITE).partition('?')[0]},"
    return "PostgreSQL" if url.startswith("postgres") else "The database of TIPFACTS_DATABASE_URL"
