from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core import Bot
from bot.diagnosis import Finding, Verdict, check_installation
from bot.domain.changes import GrantRole
from bot.domain.people import Role
from bot.installation import Installation, load_seeds
from bot.operator import Operator
from bot.settings import Settings
from store.store import SqlStore

NOW = datetime(2026, 11, 23, tzinfo=UTC)
Opening = Callable[[], Installation]


def opening(settings: Settings) -> Opening:
    def opened() -> Installation:
        store = SqlStore(settings.database_url)
        store.prepare(migrate=True)
        load_seeds(store, settings, NOW)
        return Installation(Bot(store, settings), Operator(store), store)

    return opened


def checked(settings: Settings) -> dict[str, Finding]:
    return {finding.subject: finding for finding in check_installation(opening(settings), settings)}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tipfacts.db'}"


def test_an_installation_that_stands_is_said_to(url: str, tmp_path: Path) -> None:
    found = checked(Settings(database_url=url, admins=frozenset({"slack:T1/U1", "console"})))
    assert {finding.verdict for finding in found.values()} == {Verdict.OK}
    assert found["Database"].text == f"SQLite, {tmp_path}/tipfacts.db, is open, and its schema is the newest."
    assert found["Library"].text.endswith("facts, 33 topics, 3 statements; revision 1.")
    assert found["Admins"].text == "console, slack:T1/U1."


def test_admins_are_those_of_the_settings_and_those_named_in_the_library(url: str) -> None:
    settings = Settings(database_url=url, admins=frozenset({"console"}))
    installation = opening(settings)()
    for actor, role in (("slack:T1/U7", Role.ADMIN), ("slack:T1/U8", Role.EDITOR)):
        installation.store.apply(GrantRole(actor, role, settings_hold_admin=True), by="console", at=NOW)
    installation.close()
    assert checked(settings)["Admins"].text == "console, slack:T1/U7."


def test_an_empty_library_without_an_admin_is_pointed_out(url: str) -> None:
    found = checked(Settings(database_url=url, seeds="none"))
    assert [finding.verdict for finding in found.values()] == [Verdict.OK, Verdict.WARNING, Verdict.WARNING]
    assert "claim-code" in found["Admins"].advice


def test_a_database_that_cannot_be_used_is_a_failure_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "tipfacts.db"
    file.write_text("not a database, whatever its name says")
    found = checked(Settings(database_url=f"sqlite:///{file}"))
    assert [(subject, finding.verdict) for subject, finding in found.items()] == [("Database", Verdict.FAILED)]
    assert "move it away" in found["Database"].advice


def test_the_password_of_a_database_is_never_shown() -> None:
    found = checked(Settings(database_url="postgresql://tipfacts:hunter2@127.0.0.1:1/tipfacts"))
    assert found["Database"].verdict is Verdict.FAILED
    assert "PostgreSQL" in found["Database"].text
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("name", ["none.yaml", "bad.yaml"])
def test_seeds_that_cannot_be_loaded_are_a_failure(url: str, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    if name == "bad.yaml":
        (folder / name).write_text("facts: [{}]\n")
    found = checked(Settings(database_url=url, seeds=str(folder)))
    assert [(subject, finding.verdict) for subject, finding in found.items()] == [("Library", Verdict.FAILED)]
    assert found["Library"].advice
