"""What has been read of library files so far, and what comes of it once all are read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields

from bot.desk.names import HeldNames, speaker_names
from bot.desk.problems import LibraryFileError, Problem
from bot.domain.facts import DisputeEntry, FactEntry, LibraryContent, Source, Speaker, StatementEntry, Topic
from bot.domain.words import WordList

Keyed = Source | Speaker | Topic | StatementEntry | FactEntry | DisputeEntry


@dataclass(frozen=True, slots=True)
class Reference:
    """A key that an entry names, where it stands, and of what kind the thing is: topic, speaker, source ..."""

    kind: str
    key: str
    owner: str
    file: str
    line: int


@dataclass(slots=True)
class Gathered:
    """What has been read of one or more files so far. `references` are all the keys that entries name."""

    held: HeldNames
    sources: list[Source] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    statements: list[StatementEntry] = field(default_factory=list)
    facts: list[FactEntry] = field(default_factory=list)
    disputes: list[DisputeEntry] = field(default_factory=list)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # of what was read, by kind
    speakers_named: dict[str, str] = field(default_factory=dict)  # keys by name

    def note(self, kind: str, entry: Keyed) -> None:
        """Know an entry by its key, and a speaker by its names, as it was read."""
        self.keys[kind].add(entry.key)
        if isinstance(entry, Speaker):
            for name in speaker_names(entry):
                self.speakers_named.setdefault(name, entry.key)

    @property
    def word_lists(self) -> list[WordList]:
        """The lists of words, each joined from all files."""
        return [WordList(key, tuple(words.values())) for key, words in self.words.items()]

    def add_words(self, key: str, words: Iterable[str]) -> None:
        """Put words at the end of a list; those that are there, in whatever case, stay where they are."""
        joined = self.words.setdefault(str(key), {})
        for word in words:
            joined.setdefault(word.casefold(), word)

    def unresolved(self) -> Iterator[Reference]:
        """Return the references to things that the files do not hold themselves."""
        return (reference for reference in self.references if reference.key not in self.keys[reference.kind])

    def content(self) -> LibraryContent:
        """Return what was read. Raises LibraryFileError where anything is wrong or names what nobody holds."""
        dangling = [
            Problem(r.file, r.line, f"{r.owner} names the {r.kind} {r.key!r}, which is neither in the file nor held")
            for r in self.unresolved()
            if self.held.key_of(r.kind, r.key) is None
        ]
        if self.problems or dangling:
            raise LibraryFileError([*self.problems, *dangling])
        return LibraryContent(**{name.name: tuple(getattr(self, name.name)) for name in fields(LibraryContent)})
