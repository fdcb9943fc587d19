"""Asks a file of questions of a freshly seeded library and counts what comes of them, by category.

    python -m bench.questions FILE [--every N | --except-every N] [--neutral FILE]

A line of FILE is {"question": ..., "cat": ..., "facts": [keys of the seed facts that answer it, none where none does]}.

Of the questions that facts answer, `right` got one of these first, `offered` got one first or among the first three
facts behind one of the first three suggestions, and `wrong` got another fact first. Of those that nothing answers,
`false` got a fact. With --neutral each line {"text": ...} of that file is first loaded as a fact without a topic; the
library without them is asked too, and what differs is shown.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bench.asking import NOW, ask, opened
from bot.answering.terms import contains_han
from bot.core import Bot
from bot.domain.changes import LoadLibrary, Origin
from bot.domain.facts import Fact, FactEntry, LibraryContent, Source, Speaker, StatementEntry
from bot.domain.text import LocalText
from bot.messages.exchange import Kind, Message
from bot.settings import Settings

SUGGESTIONS = 3  # that are followed
FACTS_BEHIND = 3  # of each, that are looked at


class Outcome(StrEnum):
    """What came of a question."""

    RIGHT = "right"
    OFFERED = "offered"
    WRONG = "wrong"
    ABSTAINED = "abstained"
    REFUSED = "refused"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its category, and the keys of the facts that answer it."""

    text: str
    category: str
    facts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """How many questions there were of a kind, and what came of them, in percent of those it may come of."""

    answerable: int
    unanswerable: int
    right: float
    offered: float
    wrong: float
    false: float

    def text(self) -> str:
        """Return the row in words; what there was no question for is left out."""
        parts = [f"{self.answerable:4} answerable"] if self.answerable else []
        parts += [f"right {self.right:5.1f}  offered {self.offered:5.1f}  wrong {self.wrong:5.1f}"] if parts else []
        parts += [f"{self.unanswerable:4} unanswerable  false {self.false:5.1f}"] if self.unanswerable else []
        return "  ".join(parts)


def main(arguments: Sequence[str]) -> None:
    """Ask, count and print: a table in text, then all of it as JSON in one line."""
    given = _parser().parse_args(arguments)
    asked = _chosen(_read(given.file), given.every, given.except_every)
    found = {"seeds": _outcomes(asked, ())}
    if given.neutral:
        found["seeds and neutral"] = _outcomes(asked, _texts(given.neutral))
    rows = {library: _rows(asked, outcomes) for library, outcomes in found.items()}
    for library, by_category in rows.items():
        print(f"{library}:")
        for category, row in by_category.items():
            print(f"  {category:12} {row.text()}")
    differences = list(_differences(asked, *found.values())) if given.neutral else []
    for each in differences:
        print(f"  {each['before']} → {each['after']}: {each['question']}")
    print(json.dumps({"rows": _plain(rows), "differences": differences}, ensure_ascii=False))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description="Ask a file of questions.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--neutral", type=Path)
    share = parser.add_mutually_exclusive_group()
    share.add_argument("--every", type=int, metavar="N")
    share.add_argument("--except-every", type=int, metavar="N")
    return parser


def _read(file: Path) -> list[Question]:
    lines = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    return [Question(line["question"], line["cat"], frozenset(line["facts"])) for line in lines]


def _chosen(asked: Sequence[Question], every: int | None, except_every: int | None) -> list[Question]:
    """Return every n-th question beginning with the first, or all but these."""
    if except_every:
        return [each for number, each in enumerate(asked) if number % except_every]
    return list(asked[:: every or 1])


def _texts(file: Path) -> list[str]:
    return [json.loads(line)["text"] for line in file.read_text().splitlines() if line.strip()]


def _outcomes(asked: Iterable[Question], neutral: Sequence[str]) -> list[Outcome]:
    with _bot(neutral) as bot:
        return [_outcome(bot, each) for each in asked]


@contextmanager
def _bot(neutral: Sequence[str]) -> Iterator[Bot]:
    """A bot on the seeds and these sentences."""
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "bench.db") as store:
        if neutral:
            store.apply(LoadLibrary(_content(neutral), Origin.IMPORT), by="bench", at=NOW)
        yield Bot(store, Settings())


def _content(texts: Sequence[str]) -> LibraryContent:
    """Return the sentences as facts without a topic, all of one made-up statement."""
    day = date(2018, 1, 1)
    facts = (
        FactEntry(
            key=f"neutral-{number}",
            statement="neutral",
            text=LocalText(None, text) if contains_han(text) else LocalText(text),
        )
        for number, text in enumerate(texts)
        if text.strip()
    )
    return LibraryContent(
        sources=(Source("neutral", "Neutral sentences", "Made-up Review", None, day, "en"),),
        speakers=(Speaker("neutral", LocalText("Made-up Review")),),
        statements=(StatementEntry("neutral", "neutral", "neutral", day),),
        facts=tuple(facts),
    )


def _outcome(bot: Bot, question: Question) -> Outcome:
    reply = _message(bot, question.text)
    facts = reply.document.facts if reply.kind is Kind.ANSWER else ()
    if not question.facts:
        return Outcome.FALSE if facts else Outcome.REFUSED
    if facts:
        return Outcome.RIGHT if facts[0].key in question.facts else Outcome.WRONG
    behind = (_behind(bot, choice.query) for choice in reply.document.choices[:SUGGESTIONS])
    is_offered = any(fact.key in question.facts for shown in behind for fact in shown)
    return Outcome.OFFERED if is_offered else Outcome.ABSTAINED


def _behind(bot: Bot, query: str) -> Sequence[Fact]:
    return _message(bot, query).document.facts[:FACTS_BEHIND]


def _message(bot: Bot, text: str) -> Message:
    reply = ask(bot, text)
    if not isinstance(reply, Message):
        raise TypeError(f"{text!r} is no question: it opens a form")
    return reply


def _rows(asked: Sequence[Question], outcomes: Sequence[Outcome]) -> dict[str, Row]:
    """Return a row for each category, in alphabetical order, and one for all."""
    found: dict[str, Counter[Outcome]] = {each.category: Counter() for each in asked}
    for question, outcome in zip(asked, outcomes, strict=True):
        found[question.category][outcome] += 1
    return {**{category: _row(found[category]) for category in sorted(found)}, "all": _row(Counter(outcomes))}


def _row(found: Counter[Outcome]) -> Row:
    answerable = sum(found[each] for each in (Outcome.RIGHT, Outcome.OFFERED, Outcome.WRONG, Outcome.ABSTAINED))
    unanswerable = found[Outcome.REFUSED] + found[Outcome.FALSE]
    return Row(
        answerable=answerable,
        unanswerable=unanswerable,
        right=_percent(found[Outcome.RIGHT], answerable),
        offered=_percent(found[Outcome.RIGHT] + found[Outcome.OFFERED], answerable),
        wrong=_percent(found[Outcome.WRONG], answerable),
        false=_percent(found[Outcome.FALSE], unanswerable),
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _differences(
    asked: Sequence[Question], before: Sequence[Outcome], after: Sequence[Outcome]
) -> Iterator[dict[str, str]]:
    for question, one, other in zip(asked, before, after, strict=True):
        if one is not other:
            yield {"question": question.text, "category": question.category, "before": one, "after": other}


def _plain(rows: Mapping[str, Mapping[str, Row]]) -> dict[str, dict[str, dict[str, float]]]:
    return {library: {name: asdict(row) for name, row in by.items()} for library, by in rows.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
