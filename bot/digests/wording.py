"""Wording a digest: what is new since the channel last heard, each with its source, and how to see more and stop."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice, zip_longest

from bot.answering.composing import attribution, fact_line, links_once, shown_standing, statement_title
from bot.digests.covered import Covered, covered_text
from bot.digests.reasons import typed
from bot.domain.digests import Digest, FactChange, NewStatement, Rhythm, Subscription
from bot.domain.facts import Fact, Standing
from bot.domain.people import Platform
from bot.domain.text import Locale
from bot.messages.document import Block, Choice, Choices, Document, FactLine, Footnote, Heading
from bot.wording.wording import Wording, wording

MAX_FACTS = 12
_MOST_LINES = 3


def digest_document(
    digest: Digest,
    locale: Locale,
    subscription: Subscription,
    *,
    covered: Covered | None = None,
    without: AbstractSet[int] = frozenset(),
    test: bool = False,
    footer: bool = True,
) -> Document:
    """Return the digest as one message: at most MAX_FACTS facts and changes, shared among all that speak, with a count
    of the rest.

    Where it has `covered` several runs, it says so. Facts `without` which it is to do are counted among the rest. A
    `footer` says when digests come, and offers to end them. A `test` says that it is one.
    """
    words, platform = wording(locale), subscription.address.platform
    chosen = _chosen(digest) - without
    blocks: list[Block] = [Heading(_headline(digest, words, test=test))]
    if covered and covered.runs > 1:
        blocks.append(Footnote(covered_text(covered, subscription.schedule.zone, words)))
    blocks += _left_out(digest, chosen, platform, words)
    # Changes first: a message that is too long is cut from its end, and no later digest tells them again.
    blocks += [*_changes(digest, chosen, words), *_statements(digest, chosen, words)]
    if footer:
        blocks += _footer(subscription, words)
    return Document(locale, tuple(blocks))


def _chosen(digest: Digest) -> AbstractSet[int]:
    """Return the ids of the facts that are shown: the changes and each statement give one in turn, so that no side
    takes all the room; of a statement what is disputed first.
    """
    at_odds = {fact_id for fact_id, _ in digest.rejects}
    turns: list[Iterable[Fact]] = [(change.now for change in digest.changes)]
    turns += [
        sorted(new.facts, key=lambda fact: not fact.rejected_by and fact.id not in at_odds) for new in digest.statements
    ]
    in_turn = (fact.id for round_ in zip_longest(*turns) for fact in round_ if fact)
    return set(islice(in_turn, MAX_FACTS))


def _headline(digest: Digest, words: Wording, *, test: bool) -> str:
    if test:
        return words.say("Test digest: what a digest looks like")
    if digest.statements and digest.changes:
        return words.say("What is new")
    return words.say("New official statements") if digest.statements else _changes_title(digest, words)


def _statements(digest: Digest, chosen: AbstractSet[int], words: Wording) -> Iterator[Block]:
    if digest.statements and digest.changes:
        yield Heading(words.say("New official statements"))
    for new in digest.statements:
        lines = [_stated(fact, digest, words) for fact in new.facts if fact.id in chosen]
        if lines:
            yield Heading(_title(new, words))
            yield from links_once(lines)


def _stated(fact: Fact, digest: Digest, words: Wording) -> FactLine:
    """Return a fact as a line that says which other facts it rejects."""
    line = fact_line(fact, words)
    rejected = words.join(
        words.say("{id} of {speaker}", id=other.public_id, speaker=other.statement.speaker.name.show(words.locale))
        for fact_id, other in digest.rejects
        if fact_id == fact.id
    )
    return (
        replace(line, text=words.say("{text} (rejects {facts})", text=line.text, facts=rejected)) if rejected else line
    )


def _title(new: NewStatement, words: Wording) -> str:
    statement = statement_title(new.statement, words)
    return words.say("{statement}: “{title}”", statement=statement, title=new.statement.source.title)


def _changes(digest: Digest, chosen: AbstractSet[int], words: Wording) -> Iterator[Block]:
    shown = [change for change in digest.changes if change.now.id in chosen]
    if shown and digest.statements:
        yield Heading(_changes_title(digest, words))
    for change in shown:
        yield _changed(change, digest, words)
        if not change.is_dispute_over:
            yield from (_stated(fact, digest, words) for fact in change.by)


def _changes_title(digest: Digest, words: Wording) -> str:
    disputes = [change.is_dispute and not change.is_dispute_over for change in digest.changes]
    if all(disputes):
        return words.say("New disputes")
    if any(disputes):
        return words.say("Corrections, withdrawals and new disputes")
    return words.say("Corrections and withdrawals")


def _changed(change: FactChange, digest: Digest, words: Wording) -> FactLine:
    """Return a change as a line of the fact as it stands now: this is the version that is noted as shown."""
    line = fact_line(change.before, words) if change.gone else _stated(change.now, digest, words)
    if change.gone:
        text = _withdrawn(change, line.text, words)
    elif change.is_dispute_over:
        text = _no_longer_disputed(change, line.text, words)
    elif change.is_dispute:
        text = words.say("{topic}: now disputed. {text}", topic=_about(change.now, words), text=line.text)
    else:
        text = _moved(change.before, change.now, change.reason, line.text, words)
    return FactLine(change.now, text, line.source, line.url)


def _no_longer_disputed(change: FactChange, text: str, words: Wording) -> str:
    """Return that a rejection does not stand any more; what is said of the fact names those that do."""
    (rejecting,) = change.by
    parts = {
        "topic": _about(change.now, words),
        "speaker": rejecting.statement.speaker.name.show(words.locale),
        "id": rejecting.public_id,
        "text": text,
    }
    if change.reason:
        return words.say(
            "{topic}: the rejection by {speaker} ({id}) no longer stands ({reason}). {text}",
            reason=change.reason,
            **parts,
        )
    return words.say("{topic}: the rejection by {speaker} ({id}) no longer stands. {text}", **parts)


def _moved(before: Fact, now: Fact, reason: str | None, text: str, words: Wording) -> str:
    """Return what became of a fact: it stands again, its figure moved, or it was changed in another way."""
    was, is_now = _short(before, words), _short(now, words)
    about = _about(now, words)
    because = words.say(" ({reason})", reason=reason) if reason else ""
    if shown_standing(before) is not Standing.CURRENT:
        return words.say("{topic}: stands again{because}. {text}", topic=about, because=because, text=text)
    if was == is_now:
        return words.say("{topic}: corrected{because}. {text}", topic=about, because=because, text=text)
    parts = {"topic": about, "before": was, "now": is_now, "because": because, "text": text}
    return words.say("{topic}: was {before}, is {now}{because}. {text}", **parts)


def _about(fact: Fact, words: Wording) -> str:
    return fact.topic.label.show(words.locale) if fact.topic else attribution(fact.statement, words)


def _withdrawn(change: FactChange, text: str, words: Wording) -> str:
    if change.now.standing is Standing.SUPERSEDED:
        because = words.say(" ({reason})", reason=change.reason) if change.reason else ""
        return words.say("Superseded{because}: {text}", because=because, text=text)
    if change.reason:
        return words.say("Withdrawn ({reason}): {text}", reason=change.reason, text=text)
    return words.say("Withdrawn: {text}", text=text)


def _short(fact: Fact, words: Wording) -> str:
    value = words.value(fact) or words.labelled(*fact.text.best(words.locale))
    return words.say("{figure} ({period})", figure=value, period=words.period(fact.period)) if fact.period else value


def _left_out(digest: Digest, chosen: AbstractSet[int], platform: Platform, words: Wording) -> Iterator[Footnote]:
    """Say how many facts have no room here, once and above all others: an adapter that has less room says below what it
    leaves out.
    """
    told = [*(fact for new in digest.statements for fact in new.facts), *(change.now for change in digest.changes)]
    left = [fact for fact in told if fact.id not in chosen]
    if digest.left_out:
        text = words.say_many(
            "Up to {count} more fact is new or changed: “{line}” lists the topics to look at.",
            "Up to {count} more facts are new or changed: “{line}” lists the topics to look at.",
            len(left) + digest.left_out,
            line=typed("topics", platform),
        )
        yield Footnote(text)
    elif left:
        lines = dict.fromkeys(typed(f"statement {fact.statement.public_id}", platform) for fact in left)
        quoted = [words.say("“{line}”", line=line) for line in list(lines)[:_MOST_LINES]]
        text = words.say_many(
            "{all} facts are new or changed. These are some of them; {count} more is not shown: type {lines}.",
            "{all} facts are new or changed. These are some of them; {count} more are not shown: type {lines}.",
            len(left),
            all=words.number(len(told)),
            lines=words.join(quoted),
        )
        yield Footnote(text)


def _footer(subscription: Subscription, words: Wording) -> list[Block]:
    schedule, is_dm = words.schedule(subscription.schedule), subscription.address.user is not None
    if subscription.schedule.rhythm is Rhythm.IMMEDIATELY:
        at_once = words.say("A digest comes here as soon as something is new.")
        text = at_once if is_dm else words.say("This channel gets a digest as soon as something is new.")
    elif is_dm:
        text = words.say("A digest comes here {schedule}, and nothing when nothing is new.", schedule=schedule)
    else:
        text = words.say("This channel gets a digest {schedule}, and nothing when nothing is new.", schedule=schedule)
    return [Footnote(text), Choices((Choice(words.say("Unsubscribe"), "unsubscribe"),))]
