"""Commands that look one thing up: a topic's history, a fact's or statement's source, whether a fact still stands."""

import re
from collections.abc import Iterable, Sequence

from bot.answering.composing import (
    fact_answer,
    fact_card,
    fact_line,
    links_once,
    not_held_text,
    shown_standing,
    statement_title,
    withdrawn_text,
)
from bot.answering.searching import lead_first
from bot.answering.series import series_text
from bot.commands.call import Call
from bot.commands.reading import unknown_topic
from bot.domain.facts import Fact, Standing, Statement
from bot.messages.document import Block, Choice, Choices, Entries, Entry, FactLine, Footnote, Heading, Paragraph
from bot.messages.exchange import Kind, Message
from bot.ports import FACTS_OF_A_STATEMENT
from bot.wording.wording import Wording

FACT_ID = r"f?\d{1,9}"
STATEMENT_ID = r"s?\d{1,9}"
ANY_ID = r"[fs]\d{1,9}"


def id_number(text: str) -> int:
    """Return the number of a public id as typed: F12, f12 or 12."""
    return int(re.sub(r"\D", "", text))


def history(call: Call) -> Message:
    """Show what was ever stated on a topic, or every version of a fact; withdrawn and corrected ones included."""
    if re.fullmatch(FACT_ID, call.rest, re.IGNORECASE):
        versions = call.library.versions(id_number(call.rest))
        return _versions(call, versions) if versions else no_such(call)
    topic = call.vocabulary.topic_named(call.rest)
    if topic is None:
        return unknown_topic(call, call.rest)
    facts = call.library.all_facts(topic.key)
    current = [fact for fact in facts if shown_standing(fact) is Standing.CURRENT]
    figures = series_text(lead_first(current)[0], current, call.wording) if current else ""
    return _listed(call, facts, topic.label.show(call.wording.locale), figures)


def source(call: Call) -> Message:
    """Show where a fact or statement stands."""
    if call.rest.casefold().startswith("s"):
        held = call.library.statement(id_number(call.rest))
        return no_such(call) if held is None else _source_of(call, held, None)
    fact = call.library.fact(id_number(call.rest))
    return no_such(call) if fact is None else _source_of(call, fact.statement, fact)


def statement(call: Call) -> Message:
    """Show a statement with all its facts."""
    held = call.library.statement(id_number(call.rest))
    if held is None:
        return no_such(call)
    blocks: list[Block] = [Heading(statement_title(held, call.wording)), _source_entries(held, call.wording)]
    if held.standing is Standing.WITHDRAWN:
        blocks.append(Paragraph(withdrawn_text(held.reason, call.wording)))
    facts = call.library.facts_of(held.id)
    blocks += links_once((_history_line(fact, call.wording) for fact in facts), [held.source.url])
    if len(facts) == FACTS_OF_A_STATEMENT:
        first = call.wording.say("The first {count} facts are shown.", count=call.wording.number(len(facts)))
        blocks.append(Footnote(first))
    return call.message(Kind.ANSWER if facts else Kind.HELP, *blocks)  # what shows facts can be shared


def check(call: Call) -> Message:
    """Say whether a fact still stands: its standing, its versions, and who disputes it."""
    fact = call.library.fact(id_number(call.rest))
    if fact is None:
        return no_such(call)
    answered = fact_answer(fact, [fact], call.library.disputes([fact.id]), call.wording, with_rest=False)
    count = call.wording.say_many(
        "{count} version is held; see “{line}”.",
        "{count} versions are held; see “{line}”.",
        len(call.library.versions(fact.id)),
        line=call.typed(f"history {fact.public_id}"),
    )
    verdict = Paragraph(standing_text(fact, call.wording))
    return call.message(Kind.ANSWER, verdict, *answered.document.blocks, Footnote(count))


def no_such(call: Call) -> Message:
    """Return an error for an id that nothing has."""
    return call.error(
        call.wording.say("Nothing here has the id {id}. Facts are written F12, statements S3.", id=call.rest.upper()),
        Choice(call.wording.say("All topics"), "topics"),
    )


def standing_text(fact: Fact, wording: Wording) -> str:
    """Return in a sentence whether a fact stands."""
    if fact.statement.standing is Standing.WITHDRAWN:
        return wording.say("{id} is withdrawn with its statement.", id=fact.public_id)
    return wording.say("{id} is {standing}.", id=fact.public_id, standing=wording.standing(fact.standing))


def _listed(call: Call, facts: Sequence[Fact], title: str, figures: str = "") -> Message:
    say = call.wording.say
    blocks: list[Block] = [Heading(say("History: {title}", title=title))]
    if not facts:
        return call.message(Kind.ABSTENTION, *blocks, Paragraph(say("I hold no fact on that.")))
    if figures:
        blocks.append(Paragraph(figures))
    blocks += links_once(_history_line(fact, call.wording) for fact in facts)
    return call.message(Kind.ANSWER, *blocks)


def _versions(call: Call, versions: Sequence[Fact]) -> Message:
    """List the versions of one fact, each with what made it and why."""
    say = call.wording.say
    blocks: list[Block] = [Heading(say("History: {title}", title=versions[-1].public_id))]
    for before, fact in zip([None, *versions[:-1]], versions, strict=True):
        line = fact_line(fact, call.wording)
        title = say("Version {number}: {event}", number=fact.version, event=_event(before, fact, call.wording))
        value = call.wording.value(fact)
        text = say("{value}: {text}", value=value, text=line.text) if value else line.text
        blocks += [Heading(title), FactLine(fact, text, line.source, line.url)]
    return call.message(Kind.ANSWER, *blocks)


def _event(before: Fact | None, fact: Fact, wording: Wording) -> str:
    """Return what made a version, with its reason."""
    if before is None:
        return wording.say("first stated here")
    if fact.standing is Standing.WITHDRAWN:
        event = wording.say("withdrawn")
    elif before.standing is Standing.WITHDRAWN:
        event = wording.say("restored")
    else:
        event = wording.say("corrected")
    return f"{event}{_because(fact.reason, wording)}"


def _history_line(fact: Fact, wording: Wording) -> FactLine:
    line = fact_line(fact, wording)
    period = wording.period(fact.period) if fact.period else wording.say("no period stated")
    text = wording.say("{period}: {text}", period=period, text=line.text)
    standing = shown_standing(fact)
    if standing is not Standing.CURRENT:
        text = f"{text} [{wording.standing(standing)}{_because(fact.reason or fact.statement.reason, wording)}]"
    return FactLine(fact, text, line.source, line.url)


def _because(reason: str | None, wording: Wording) -> str:
    return wording.say(": {reason}", reason=reason) if reason else ""


def _source_of(call: Call, held: Statement, fact: Fact | None) -> Message:
    say = call.wording.say
    blocks: list[Block] = [Heading(statement_title(held, call.wording)), _source_entries(held, call.wording)]
    if fact:
        blocks.append(fact_card(fact, call.wording))
    if held.is_reported:
        blocks.append(Footnote(not_held_text(held, call.wording)))
    blocks.append(Choices((Choice(say("The whole statement"), f"statement {held.public_id}"),)))
    return call.message(Kind.ANSWER if fact else Kind.HELP, *blocks)


def _source_entries(held: Statement, wording: Wording) -> Entries:
    return Entries(tuple(_source_rows(held, wording)))


def _source_rows(held: Statement, wording: Wording) -> Iterable[Entry]:
    say = wording.say
    yield Entry(say("Title"), held.source.title)
    yield Entry(say("Publisher"), held.source.publisher)
    yield Entry(say("Published"), wording.date(held.source.published_on))
    yield Entry(say("Link"), held.source.url or say("none held"))
    yield Entry(say("Text"), say("held") if held.source.text else say("not held"))
