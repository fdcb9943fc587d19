"""Reading library files: seeds, imports and exports are all in this format (docs/library-format.md).

YAML, of which JSON is a part, read through its nodes so that every refusal can name its line and no plain text is ever
taken for something else. Nothing is loaded from a file with anything wrong in it.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import yaml

from bot.answering.vocabulary import name_key
from bot.desk.entry import KEY, MAX_TEXT, BadEntryError, Entry, is_null, repeated, same_names
from bot.desk.gathered import Gathered, Keyed, Reference
from bot.desk.keys import dispute_key, fact_key, source_key, speaker_key, statement_key
from bot.desk.names import HeldNames
from bot.desk.plain import bare_text
from bot.desk.problems import Problem
from bot.domain.facts import (
    Assertion,
    Change,
    ChangeKind,
    DisputeEntry,
    FactEntry,
    LibraryContent,
    Qualifier,
    Source,
    Speaker,
    Standing,
    StatementEntry,
    Topic,
    Voice,
)
from bot.domain.period import Period
from bot.domain.words import WordKind
from bot.ports import Library

FORMAT = "1"
_T = TypeVar("_T", bound=Keyed)

_FILE = same_names(
    "format", "sources", "speakers", "topics", "statements", "facts", "disputes", "words", "places", "light_words",
)  # fmt: skip
_SOURCE = same_names("key", "title", "publisher", "url", "published_on", "language", "text", date="published_on")
_SPEAKER = same_names("key", "name", "aliases")
_TOPIC = same_names("key", "label", "aliases", "words")
_STATEMENT = same_names("key", "speaker", "source", "said_on", "standing", "reason", said="said_on", date="said_on")
_FACT = same_names(
    "key", "statement", "speaker", "source", "said_on", "topic", "text", "value", "unit", "qualifier", "period",
    "change", "voice", "quote", "paragraph", "standing", "reason", said="said_on", about="period", locator="paragraph",
)  # fmt: skip
_CHANGE = same_names("kind", "value", "against")
_DISPUTE = same_names("key", "rejecting", "rejected", "source")
_KINDS = same_names(*WordKind)
_CODE = re.compile("[A-Z]{2}")


def read_library(files: Iterable[tuple[str, bytes]], library: Library | None) -> LibraryContent:
    """Return what library files hold together; names they do not explain are looked up in the library.

    Raises LibraryFileError with every problem of every file.
    """
    gathered = Gathered(HeldNames(library))
    for name, data in files:
        _read_file(gathered, name, data)
    return gathered.content()


def _read_file(gathered: Gathered, file: str, data: bytes) -> None:
    """Add what a file holds; problems are gathered, not raised."""
    try:
        root = _compose(file, data)
        _FileReader(gathered, file).read(root)
    except BadEntryError as error:
        gathered.problems.append(error.problem)


class _FileReader:
    def __init__(self, gathered: Gathered, file: str) -> None:
        self.gathered, self.file = gathered, file

    def read(self, root: yaml.Node | None) -> None:
        if root is None or is_null(root):
            raise BadEntryError(Problem(self.file, None, "the file is empty"))
        if isinstance(root, yaml.SequenceNode):  # a bare list is a list of facts
            self._gather(root.value, self._fact, self.gathered.facts, "fact")
            return
        whole = Entry(self.file, root, "the file", _FILE)
        if (whole.text("format") or FORMAT) != FORMAT:
            raise whole.bad_field("format", f"this version of tipfacts reads format {FORMAT}")
        into = self.gathered
        self._gather(whole.items("sources"), self._source, into.sources, "source")
        self._gather(whole.items("speakers"), self._speaker, into.speakers, "speaker")
        self._gather(whole.items("topics"), self._topic, into.topics, "topic")
        self._gather(whole.items("statements"), self._statement, into.statements, "statement")
        self._gather(whole.items("facts"), self._fact, into.facts, "fact")
        self._gather(whole.items("disputes"), self._dispute, into.disputes, "dispute")
        self._words(whole)

    def _words(self, whole: Entry) -> None:
        """Read the word lists: by kind, by place, and the light words as older versions wrote them."""
        kinds, places = whole.node("words"), whole.node("places")
        if kinds:
            self._lists(Entry(self.file, kinds, "words", _KINDS))
        if places:
            self._lists(Entry(self.file, places, "places", self._codes(places)))
        light = whole.texts("light_words")
        if light:
            self.gathered.add_words(WordKind.LIGHT, light)

    def _lists(self, lists: Entry) -> None:
        for key in lists.given:
            self.gathered.add_words(key, lists.texts(key, MAX_TEXT))  # words that mean the same are one long text

    def _codes(self, places: yaml.Node) -> Mapping[str, str]:
        """Return the codes that a section has lists for; what is written unlike a code is refused."""
        nodes = [name for name, _ in places.value] if isinstance(places, yaml.MappingNode) else []
        for node in nodes:
            if not _CODE.fullmatch(str(node.value)):
                reason = f"{node.value!r} is no place: write its ISO 3166 code, two capital letters: US"
                raise BadEntryError(Problem(self.file, node.start_mark.line + 1, reason))
        return same_names(*(str(node.value) for node in nodes))

    def _gather(self, nodes: Iterable[yaml.Node], read: Callable[[yaml.Node], _T], into: list[_T], what: str) -> None:
        before = len(into)
        for node in nodes:
            try:
                into.append(read(node))
            except BadEntryError as error:
                self.gathered.problems.append(error.problem)
            else:
                self.gathered.note(what, into[-1])
        twice = repeated(entry.key for entry in into)
        if twice and len(into) > before:
            self.gathered.problems.append(
                Problem(self.file, None, f"{what} keys stand twice: {', '.join(sorted(twice))}")
            )

    def _refer(self, entry: Entry, kind: str, key: str) -> str:
        self.gathered.references.append(Reference(kind, key, entry.what, entry.file, entry.line))
        return key

    def _source(self, node: yaml.Node) -> Source:
        entry = Entry(self.file, node, "a source", _SOURCE)
        title, publisher = entry.needed("title", MAX_TEXT), entry.needed("publisher")
        published_on, url = entry.date("published_on"), entry.url("url")
        return Source(
            key=entry.key() or source_key(title, publisher, published_on, url),
            title=title,
            publisher=publisher,
            url=url,
            published_on=published_on,
            language=entry.text("language") or "en",
            text=entry.long_text("text", longest=2_000_000),
        )

    def _speaker(self, node: yaml.Node) -> Speaker:
        entry = Entry(self.file, node, "a speaker", _SPEAKER)
        name = entry.must("name", entry.local("name"))
        return Speaker(key=entry.key() or speaker_key(name), name=name, aliases=entry.texts("aliases"))

    def _topic(self, node: yaml.Node) -> Topic:
        entry = Entry(self.file, node, "a topic", _TOPIC)
        return Topic(
            key=entry.must("key", entry.key()),
            label=entry.must("label", entry.local("label")),
            aliases=entry.texts("aliases"),
            words=entry.texts("words"),
        )

    def _statement(self, node: yaml.Node) -> StatementEntry:
        entry = Entry(self.file, node, "a statement", _STATEMENT)
        speaker, source, said_on = self._speaker_of(entry), self._source_of(entry), entry.date("said_on")
        return StatementEntry(
            key=entry.key() or statement_key(speaker, source, said_on),
            speaker=speaker,
            source=source,
            said_on=said_on,
            standing=entry.choice("standing", Standing, Standing.CURRENT),
            reason=entry.text("reason", MAX_TEXT),
        )

    def _speaker_of(self, entry: Entry) -> str:
        """Return the key of the speaker an entry names, by key or by name; an unknown name is a new speaker."""
        name = entry.needed("speaker")
        known = self.gathered.speakers_named.get(name_key(name)) or self.gathered.held.key_of("speaker", name)
        if known or KEY.fullmatch(name):
            return self._refer(entry, "speaker", known or name)
        speaker = Speaker(speaker_key(bare_text(name)), bare_text(name))
        self.gathered.speakers.append(speaker)
        self.gathered.note("speaker", speaker)
        return self._refer(entry, "speaker", speaker.key)

    def _source_of(self, entry: Entry) -> str:
        """Return the key of the source an entry names by key or describes in place."""
        node = entry.node("source")
        if not isinstance(node, yaml.MappingNode):
            return self._refer(entry, "source", entry.needed("source"))
        source = self._source(node)
        if source.key not in self.gathered.keys["source"]:
            self.gathered.sources.append(source)
            self.gathered.note("source", source)
        return source.key

    def _fact(self, node: yaml.Node) -> FactEntry:
        entry = Entry(self.file, node, "a fact", _FACT)
        statement = self._statement_of(entry)
        topic = self._topic_of(entry)
        said = self._assertion(entry)
        return FactEntry(
            key=entry.key() or fact_key(statement, topic, said),
            statement=statement,
            topic=topic,
            standing=entry.choice("standing", Standing, Standing.CURRENT),
            reason=entry.text("reason", MAX_TEXT),
            **said.parts(),
        )

    def _assertion(self, entry: Entry) -> Assertion:
        period = entry.text("period")
        quote, voice = entry.text("quote", MAX_TEXT), entry.choice("voice", Voice, Voice.PARAPHRASED)
        if voice is Voice.QUOTED and not quote:
            raise entry.bad("a fact with voice quoted needs its quote")
        return Assertion(
            text=entry.must("text", entry.local("text", longest=1000)),
            value=entry.number_or_text("value"),
            unit=entry.local("unit"),
            qualifier=entry.choice("qualifier", Qualifier, Qualifier.EXACT),
            period=entry.parsed("period", period, Period) if period else None,
            change=self._change(entry),
            voice=voice,
            quote=quote,
            paragraph=entry.whole("paragraph"),
        )

    def _statement_of(self, entry: Entry) -> str:
        """Return the key of the fact's statement, named by key or described by speaker, source and date."""
        if entry.node("statement"):
            if any(entry.node(field) for field in ("speaker", "source", "said_on")):
                raise entry.bad("a fact names its statement, or its speaker, source and said_on, not both")
            return self._refer(entry, "statement", entry.needed("statement"))
        if not entry.node("source"):
            raise entry.bad("a fact without a source: give its statement, or its speaker, source and said_on")
        speaker, source, said_on = self._speaker_of(entry), self._source_of(entry), entry.date("said_on")
        key = statement_key(speaker, source, said_on)
        if key not in self.gathered.keys["statement"]:
            self.gathered.statements.append(StatementEntry(key, speaker, source, said_on))
            self.gathered.note("statement", self.gathered.statements[-1])
        return key

    def _topic_of(self, entry: Entry) -> str | None:
        """Return the key of the topic an entry names, by key or by a name the library knows it by; None for none."""
        name = entry.text("topic")
        if name is None:
            return None
        in_files = name in self.gathered.keys["topic"]
        return self._refer(entry, "topic", name if in_files else self.gathered.held.key_of("topic", name) or name)

    def _change(self, entry: Entry) -> Change | None:
        node = entry.node("change")
        if node is None:
            return None
        change = Entry(self.file, node, "a change", _CHANGE)
        return Change(
            kind=change.choice("kind", ChangeKind, ChangeKind.PERCENT),
            value=change.must("value", change.number("value")),
            against=change.parsed("against", change.needed("against"), Period),
        )

    def _dispute(self, node: yaml.Node) -> DisputeEntry:
        entry = Entry(self.file, node, "a dispute", _DISPUTE)
        rejecting = self._refer(entry, "fact", entry.needed("rejecting"))
        rejected = self._refer(entry, "fact", entry.needed("rejected"))
        if rejecting == rejected:
            raise entry.bad_field("rejected", f"the fact {rejected!r} cannot reject itself")
        source = self._refer(entry, "source", entry.needed("source"))
        return DisputeEntry(entry.key() or dispute_key(rejecting, rejected), rejecting, rejected, source)


def _compose(file: str, data: bytes) -> yaml.Node | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadEntryError(Problem(file, line, "the file is not UTF-8 text")) from error
    if text.lstrip()[:1] in ("{", "["):
        text = _checked_json(file, text)
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadEntryError(Problem(file, at, f"not readable as YAML: {error.problem}")) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadEntryError(Problem(file, None, "not readable as YAML")) from error


def _checked_json(file: str, text: str) -> str:
    """Return JSON as YAML can read it: a tab between tokens is a space there, and stands on the same line."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise BadEntryError(Problem(file, error.lineno, f"not readable as JSON: {error.msg}")) from error
    except RecursionError as error:
        raise BadEntryError(Problem(file, None, "nested too deeply")) from error
    return text.replace("\t", " ")
