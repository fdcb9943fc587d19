"""Wording a digest: what is new since the channel last heard, each with its source, and how to see more and stop."""

from collections.abc import Iterable, Iterator, Sequence

from bot.answering.composing import attribution, fact_line, links_once, shown_standing, statement_title
from bot.digests.reasons import typed
from bot.domain.digests import Digest, FactChange, NewStatement, Subscription
from bot.domain.facts import Fact, Standing
from bot.domain.people import Platform
from bot.domain.text import Locale
from bot.messages.document import Block, Choice, Choices, Document, FactLine, Footnote, Heading
from bot.wording.wording import Wording, wording

MAX_FACTS = 12
MAX_STATEMENTS = 20  # headings of one message, with facts under them or only their count
_MOST_LINES = 3


def digest_document(
    digest: Digest, locale: Locale, subscription: Subscription | None, *, test: bool = False
) -> Document:
    """Return the digest as one message: at most MAX_FACTS facts and changes of at most MAX_STATEMENTS statements, with
    counts of the rest.

    `subscription` words the footer; without one there is none. A `test` says that it is one.
    """
    words = wording(locale)
    platform = subscription.address.platform if subscription else Platform.CONSOLE
    items = [*_changes(digest, words), *_statements(digest, words)]
    blocks: list[Block] = [Heading(_headline(digest, words, test=test)), *_capped(items, platform, words)]
    blocks += _beyond(digest, platform, words)
    if subscription:
        blocks += _footer(subscription, words)
    return Document(locale, tuple(blocks))


def _headline(digest: Digest, words: Wording, *, test: bool) -> str:
    if test:
        return words.say("Test digest: what a digest looks like")
    return words.say("New official statements") if digest.statements else words.say("Corrections and withdrawals")


def _statements(digest: Digest, words: Wording) -> Iterator[Block]:
    for new in digest.statements[:MAX_STATEMENTS]:
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
    """Return a change as a line of the fact as it stands now: this is the version that is noted as shown."""
    line = fact_line(change.before if change.gone else change.now, words)
    if change.gone:
        text = _withdrawn(change, line.text, words)
    else:
        text = _moved(change.before, change.now, change.reason, line.text, words)
    return FactLine(change.now, text, line.source, line.url)


def _moved(before: Fact, now: Fact, reason: str | None, text: str, words: Wording) -> str:
    """Return what became of a fact: it stands again, its figure moved, or it was changed in another way."""
    was, is_now = _short(before, words), _short(now, words)
    about = now.topic.label.show(words.locale) if now.topic else attribution(now.statement, words)
    if shown_standing(before) is not Standing.CURRENT:
        return words.say("{topic}: stands again. {text}", topic=about, text=text)
    if was == is_now:
        return words.say("{topic}: corrected. {text}", topic=about, text=text)
    because = words.say(" ({reason})", reason=reason) if reason else ""
    parts = {"topic": about, "before": was, "now": is_now, "because": because, "text": text}
    return words.say("{topic}: was {before}, is {now}{because}. {text}", **parts)


def _withdrawn(change: FactChange, text: str, words: Wording) -> str:
    if change.now.standing is Standing.SUPERSEDED:
        return words.say("Superseded: {text}", text=text)
    if change.reason:
        return words.say("Withdrawn ({reason}): {text}", reason=change.reason, text=text)
    return words.say("Withdrawn: {text}", text=text)


def _short(fact: Fact, words: Wording) -> str:
    value = words.value(fact) or words.labelled(*fact.text.best(words.locale))
    return words.say("{figure} ({period})", figure=value, period=words.period(fact.period)) if fact.period else value


def _capped(items: Iterable[Block], platform: Platform, words: Wording) -> list[Block]:
    """Return the items with at most MAX_FACTS facts; every heading stays, with a count of what it lacks."""
    kept: list[Block] = []
    room = MAX_FACTS
    left: list[Fact] = []
    for item in [*items, None]:
        if isinstance(item, FactLine):
            if room:
                room -= 1
            else:
                left.append(item.fact)
        elif left:
            kept.append(Footnote(_left_out(left, platform, words)))
            left = []
        if item and not (isinstance(item, FactLine) and left):
            kept.append(item)
    return kept


def _left_out(facts: Sequence[Fact], platform: Platform, words: Wording) -> str:
    lines = dict.fromkeys(typed(f"statement {fact.statement.public_id}", platform) for fact in facts)
    return words.say_many(
        "{count} more is not shown: type {lines}.",
        "{count} more are not shown: type {lines}.",
        len(facts),
        lines=words.join(f"“{line}”" for line in list(lines)[:_MOST_LINES]),
    )


def _beyond(digest: Digest, platform: Platform, words: Wording) -> list[Block]:
    """Return a note on the facts of statements that have no heading here, and on those that were not looked at."""
    count = digest.left_out + sum(len(new.facts) for new in digest.statements[MAX_STATEMENTS:])
    if not count:
        return []
    text = words.say_many(
        "Up to {count} more fact is new or changed: “{line}” lists the topics to look at.",
        "Up to {count} more facts are new or changed: “{line}” lists the topics to look at.",
        count,
        line=typed("topics", platform),
    )
    return [Footnote(text)]


def _footer(subscription: Subscription, words: Wording) -> list[Block]:
    text = words.say(
        "This channel gets a digest {schedule}, and nothing when nothing is new.",
        schedule=words.schedule(subscription.schedule),
    )
    return [Footnote(text), Choices((Choice(words.say("Unsubscribe"), "unsubscribe"),))]
