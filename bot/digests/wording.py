"""Wording a digest: what is new since the channel last heard, each with its source, and how to see more and stop."""

from collections.abc import Iterator

from bot.answering.composing import fact_line, links_once, statement_title
from bot.domain.digests import Digest, FactChange, NewStatement, Subscription
from bot.domain.facts import Fact
from bot.domain.text import Locale
from bot.messages.document import Block, Choice, Choices, Document, FactLine, Footnote, Heading, Paragraph
from bot.wording.wording import Wording, wording

MAX_FACTS = 12


def digest_document(
    digest: Digest, locale: Locale, subscription: Subscription | None, *, test: bool = False
) -> Document:
    """Return the digest as one message: at most MAX_FACTS facts and changes, with a count of the rest.

    `subscription` words the footer; without one there is none. A `test` says that it is one.
    """
    words = wording(locale)
    items = [*_changes(digest, words), *_statements(digest, words)]
    blocks: list[Block] = [Heading(_headline(digest, words, test=test)), *_capped(items, words)]
    if subscription:
        blocks += _footer(subscription, words)
    return Document(locale, tuple(blocks))


def _headline(digest: Digest, words: Wording, *, test: bool) -> str:
    if test:
        return words.say("Test digest: what a digest looks like")
    return words.say("New official statements") if digest.statements else words.say("Corrections and withdrawals")


def _statements(digest: Digest, words: Wording) -> Iterator[Block]:
    for new in digest.statements:
        yield Heading(_title(new, words))
        yield from links_once(fact_line(fact, words) for fact in new.facts)


def _title(new: NewStatement, words: Wording) -> str:
    statement = statement_title(new.statement, words)
    return words.say("{statement}: “{title}”", statement=statement, title=new.statement.source.title)


def _changes(digest: Digest, words: Wording) -> Iterator[Block]:
    if digest.changes and digest.statements:
        yield Heading(words.say("Corrections and withdrawals"))
    for change in digest.changes:
        yield _changed(change, words)


def _changed(change: FactChange, words: Wording) -> FactLine:
    line = fact_line(change.now or change.before, words)
    if change.now is None:
        text = _withdrawn(change, line.text, words)
    else:
        text = words.say(
            "{topic}: was {before}, is {now}. {text}",
            topic=change.now.topic.label.show(words.locale),
            before=_short(change.before, words),
            now=_short(change.now, words),
            text=line.text,
        )
    return FactLine(line.fact, text, line.source, line.url)


def _withdrawn(change: FactChange, text: str, words: Wording) -> str:
    if change.reason:
        return words.say("Withdrawn ({reason}): {text}", reason=change.reason, text=text)
    return words.say("Withdrawn: {text}", text=text)


def _short(fact: Fact, words: Wording) -> str:
    value = words.value(fact) or words.labelled(*fact.text.best(words.locale))
    return words.say("{figure} ({period})", figure=value, period=words.period(fact.period)) if fact.period else value


def _capped(items: list[Block], words: Wording) -> list[Block]:
    """Return the items up to the cap; a heading that would stand last is left out with what follows it."""
    kept: list[Block] = []
    left = 0
    for item in items:
        if isinstance(item, FactLine) and sum(isinstance(block, FactLine) for block in kept) >= MAX_FACTS:
            left += 1
        else:
            kept.append(item)
    kept = [
        block
        for block, after in zip(kept, [*kept[1:], None], strict=True)
        if isinstance(block, FactLine) or isinstance(after, FactLine)
    ]
    if left:
        more = words.say_many(
            "{count} more fact is not shown: type “statement” and the id above, or “topics”.",
            "{count} more facts are not shown: type “statement” and the id above, or “topics”.",
            left,
        )
        kept.append(Paragraph(more))
    return kept


def _footer(subscription: Subscription, words: Wording) -> list[Block]:
    text = words.say(
        "This channel gets a digest {schedule}, and nothing when nothing is new.",
        schedule=words.schedule(subscription.schedule),
    )
    return [Footnote(text), Choices((Choice(words.say("Unsubscribe"), "unsubscribe"),))]
