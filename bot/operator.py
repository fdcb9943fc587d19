"""What the operator of an installation does from the command line: codes, library files."""

from datetime import datetime

from bot.desk.claim_code import CLAIM_CODE_LIFE, hash_claim_code, new_claim_code
from bot.desk.library_text import library_text
from bot.desk.problems import LibraryFileError, Problem
from bot.domain.changes import Applied, ChangeRefusedError, IssueClaimCode, LoadLibrary, Origin
from bot.ports import Store


class Operator:
    """Acts for whoever runs the process; everything it writes is in the audit log as `operator`."""

    NAME = "operator"

    def __init__(self, store: Store) -> None:
        self._store = store

    def issue_claim_code(self, at: datetime) -> str:
        """Return a new one-time code that makes whoever types `claim CODE` within an hour an admin.

        Only its hash is kept; codes issued earlier stop working.
        """
        code = new_claim_code()
        change = IssueClaimCode(hash_claim_code(code), at + CLAIM_CODE_LIFE)
        self._store.apply(change, by=self.NAME, at=at)
        return code

    def import_file(self, name: str, data: bytes, *, at: datetime, dry_run: bool) -> Applied:
        """Load a library file and return what it added and changed; with `dry_run` nothing is written.

        Raises LibraryFileError, naming file, line and reason, when anything in it is wrong; nothing is loaded then.
        """
        from bot.desk.library_file import read_library  # noqa: PLC0415 (YAML is loaded only to read a file)

        with self._store.read() as library:
            content = read_library([(name, data)], library)
        change = LoadLibrary(content, Origin.IMPORT, dry_run=dry_run)
        try:
            return self._store.apply(change, by=self.NAME, at=at)
        except ChangeRefusedError as error:
            raise LibraryFileError((Problem(name, None, error.detail or str(error)),)) from error

    def export(self, *, as_json: bool) -> str:
        """Return the whole library as a library file, in YAML or JSON."""
        with self._store.read() as library:
            return library_text(library.content(), as_json=as_json)
