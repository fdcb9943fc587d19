"""What a partly typed line may become: always a whole line, that can be sent as it is offered."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from bot.answering.composing import statement_title
from bot.answering.terms import contains_han
from bot.answering.vocabulary import Vocabulary
from bot.commands.about import EXAMPLES
from bot.commands.command import Command
from bot.commands.grammar import normalise
from bot.commands.table import COMMANDS, command_named
from bot.domain.facts import Topic
from bot.domain.text import Locale
from bot.messages.cutting import clip
from bot.messages.document import Choice
from bot.ports import Library
from bot.wording.wording import Wording

MOST = 25
_OF_A_VERB = 5  # lines of one verb that was only begun
_NEWEST = 5  # facts and statements, where no number was typed
_TEXT = 80  # characters of a fact
_ID = re.compile(r"(?P<letter>[fs])?(?P<number>\d{0,8})")
_ALTERNATIVES = re.compile(r"[a-z]+(?:\|[a-z]+)+")


@dataclass(frozen=True, slots=True)
class Completer:
    """Completes lines from one snapshot of the library; topics are shown in the language of `wording`."""

    library: Library
    vocabulary: Vocabulary
    wording: Wording

    def lines(self, line: str) -> tuple[Choice, ...]:
        """Return what a line may become: how each is shown, and the whole line."""
        typed = normalise(line).casefold()
        verb, _, rest = typed.partition(" ")
        command = command_named(verb)
        is_begun = bool(rest) or line.endswith(" ")
        called = verb if verb.isalpha() or command is None else self._name(command)
        lines = self._of(command, called, rest) if command and is_begun else ()
        return tuple(islice(_once(chain(lines, self._any(typed))), MOST))

    def _any(self, typed: str) -> Iterator[Choice]:
        """Yield what is called exactly so, then what begins so, then what holds it."""
        meant = command_named(typed)
        if meant and meant.takes(""):
            yield _bare(self._name(meant))
        yield from map(_bare, self._topics(typed, begins=True))
        if _ID.fullmatch(typed) and typed[:1] in ("f", "s"):
            yield from self._ids(typed[0], typed[1:], "")
        begun = [each for each in COMMANDS if any(name.startswith(typed) for name in each.names)]
        yield from (_bare(self._name(each)) for each in begun if each.takes(""))
        if typed:
            for each in begun:
                yield from islice(self._of(each, self._name(each), ""), _OF_A_VERB)
        yield from map(_bare, self._topics(typed, begins=False))
        yield from (_bare(example) for example in EXAMPLES if typed in example.casefold())
        held = [each for each in COMMANDS if each.takes("") and any(typed in name for name in each.names)]
        yield from (_bare(self._name(each)) for each in held)

    def _of(self, command: Command, verb: str, rest: str) -> Iterator[Choice]:
        """Yield lines of a command whose first parameter begins with `rest`; a line it would refuse is none of them."""
        for choice in self._filled(command, verb, rest):
            if command.takes(choice.query.partition(" ")[2]):
                yield choice

    def _filled(self, command: Command, verb: str, rest: str) -> Iterator[Choice]:
        name = command.parameters[0].name if command.parameters else ""
        kinds = name.split("|")
        if kinds[0] in ("TOPIC", "TOPIC OR QUESTION"):
            labels = chain(self._topics(rest, begins=True), self._topics(rest, begins=False))
            yield from (_bare(f"{verb} {label}") for label in labels)
        for kind in kinds:
            if kind in ("F12", "S3"):
                yield from self._ids(kind[0].lower(), rest, verb)
        words: Iterable[str] = ()
        if name == "COMMAND":
            words = map(self._name, COMMANDS)
        elif "QUESTION" in name:
            words = EXAMPLES
        elif _ALTERNATIVES.fullmatch(name):
            words = (self._word(command, each) for each in kinds)
        yield from (_bare(f"{verb} {word}") for word in words if word.casefold().startswith(rest))

    def _topics(self, text: str, *, begins: bool) -> Iterator[str]:
        """Yield the labels of topics that begin with a text, or of those that are called something that holds it."""
        for topic in self.vocabulary.topics.values():
            label = topic.label.show(self.wording.locale)
            if label.casefold().startswith(text) if begins else _is_called(topic, text):
                yield label

    def _ids(self, letter: str, typed: str, verb: str) -> Iterator[Choice]:
        """Yield ids that begin as typed, the newest where no number was, each with what it names."""
        read = _ID.fullmatch(typed)
        if read is None or read["letter"] not in (None, letter):
            return
        named = (self._named(letter, number, verb) for number in self._numbers(letter, read["number"]))
        yield from islice((choice for choice in named if choice), 2 * _NEWEST)

    def _numbers(self, letter: str, digits: str) -> Iterable[int]:
        if digits:
            number = int(digits)
            return (number, *range(10 * number, 10 * number + 10))
        counts = self.library.counts()
        newest = counts.facts if letter == "f" else counts.statements
        return range(newest, max(0, newest - _NEWEST), -1)

    def _named(self, letter: str, number: int, verb: str) -> Choice | None:
        line = f"{verb} {letter.upper()}{number}".strip()
        before, words = f"{verb} ".lstrip(), self.wording
        if letter == "s":
            statement = self.library.statement(number)
            return Choice(before + statement_title(statement, words), line) if statement else None
        fact = self.library.fact(number)
        if fact is None:
            return None
        text = clip(fact.text.show(words.locale), _TEXT, len)
        return Choice(words.say("{id}: {text}", id=line, text=text), line)

    def _name(self, command: Command) -> str:
        """Return what a command is called in the reader's language."""
        local = filter(contains_han, command.aliases) if self.wording.locale is Locale.ZH_HANT else iter(())
        return next(local, command.name)

    def _word(self, command: Command, word: str) -> str:
        local = self.wording.say(word)
        return local if command.takes(local) else word


def _is_called(topic: Topic, text: str) -> bool:
    """Whether something that a topic is called holds this text, which is in small letters."""
    return any(text in name.casefold() for name in (topic.label.en, topic.label.zh_hant, *topic.aliases) if name)


def _bare(line: str) -> Choice:
    return Choice(line, line)


def _once(choices: Iterable[Choice]) -> Iterator[Choice]:
    """Yield each line once, as it is shown first."""
    known: set[str] = set()
    for choice in choices:
        if choice.query not in known:
            known.add(choice.query)
            yield choice
