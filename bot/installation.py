"""One installation of tipfacts, opened: the core, the operator and the store behind them."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core import Bot
from bot.domain.changes import LoadLibrary, Origin
from bot.operator import Operator
from bot.ports import Store
from bot.settings import SEEDS_NONE, Settings, SettingsError

log = logging.getLogger(__name__)

SHIPPED_SEEDS = Path(__file__).parent.parent / "seeds"
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Installation:
    """What an adapter is given to work with."""

    bot: Bot
    operator: Operator
    store: Store

    def close(self) -> None:
        """Let what is under way be written, and end the store's connections."""
        self.bot.settle()
        self.store.close()


def load_seeds(store: Store, settings: Settings, at: datetime) -> None:
    """Load the seeds that the settings name, unless these very seeds are loaded already.

    Raises SettingsError where the folder holds none, LibraryFileError where one of them is refused.
    """
    if settings.seeds == SEEDS_NONE:
        return
    files = _seed_files(settings)
    digest = hashlib.sha256(b"".join(name.encode() + b"\0" + data for name, data in files)).hexdigest()
    if store.seeds_digest() == digest:
        return
    from bot.desk.library_file import read_library  # noqa: PLC0415 (YAML is read only when seeds are new)

    with store.read() as library:
        content = read_library(files, library)
    applied = store.apply(LoadLibrary(content, Origin.SEEDS, digest), by="seeds", at=at)
    if applied.kept:
        log.warning(
            "the seeds differ from what editors wrote; the editors’ version is kept: %s", ", ".join(applied.kept)
        )


def _seed_files(settings: Settings) -> list[tuple[str, bytes]]:
    folder = Path(settings.seeds) if settings.seeds else SHIPPED_SEEDS
    paths = sorted(path for path in folder.glob("*") if path.suffix in _SUFFIXES) if folder.is_dir() else []
    if not paths:
        raise SettingsError(f"TIPFACTS_SEEDS: {folder} holds no .yaml or .json file; write none to start empty")
    return [(path.name, path.read_bytes()) for path in paths]
