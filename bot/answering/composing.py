"""Wording answers: a fact becomes a card, a topic an answer with both sides and its history."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.answering.series import series, series_text
from bot.domain.facts import Dispute, Fact, Standing, Statement
from bot.messages.document import (
    Block,
    Choice,
    Choices,
    Detail,
    Document,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
)
from bot.messages.exchange import Kind, Message
from bot.wording.wording import Wording

MORE_FACTS = 5


def fact_card(fact: Fact, wording: Wording) -> FactCard:
    """Return the fact with everything an answer owes: value, sentence, period, who, when, voice, source, standing."""
    return FactCard(
        fact=fact,
        headline=wording.value(fact),
        sentence=wording.labelled(*fact.text.best(wording.locale)),
        details=tuple(_details(fact, wording)),
        quotation=_quotation(fact, wording),
    )


def fact_line(fact: Fact, wording: Wording) -> FactLine:
    """Return the fact in one attributed sentence with its source, and who disputes it."""
    attributed = attribution(fact.statement, wording)
    if not fact.statement.source.url:
        title = fact.statement.source.title
        attributed = wording.say("{attribution}, “{title}”", attribution=attributed, title=title)
    where = wording.say("{attribution}, {id}", attribution=attributed, id=fact.public_id)
    text = wording.labelled(*fact.text.best(wording.locale))
    if fact.rejected_by:
        text = wording.say("{text} (disputed: {rejections})", text=text, rejections=_rejections(fact, wording))
    return FactLine(fact, text, where, fact.statement.source.url)


def _rejections(fact: Fact, wording: Wording) -> str:
    """Return who rejects the fact, each with the ids of the facts that do."""
    by_speaker: dict[str, list[str]] = {}
    for each in fact.rejected_by:
        by_speaker.setdefault(each.speaker.name.show(wording.locale), []).append(each.public_id)
    return wording.join(
        wording.say("{speaker} rejects this ({ids})", speaker=speaker, ids=wording.join(ids))
        for speaker, ids in by_speaker.items()
    )


def links_once(lines: Iterable[FactLine], shown: Iterable[str | None] = ()) -> Iterator[FactLine]:
    """Return the lines with each link at its first place only; those in `shown` stand above already."""
    seen = set(shown)
    for line in lines:
        yield replace(line, url=None) if line.url in seen else line
        seen.add(line.url)


def attribution(statement: Statement, wording: Wording) -> str:
    """Return who said it and when; of a speaker whose own text is not held, who reported it and when."""
    speaker, date = statement.speaker.name.show(wording.locale), wording.date(statement.said_on)
    if not statement.is_reported:
        return wording.say("{speaker}, {date}", speaker=speaker, date=date)
    publisher = statement.source.publisher
    return wording.say("{speaker}, as reported by {publisher}, {date}", speaker=speaker, publisher=publisher, date=date)


def fact_answer(
    lead: Fact, on_topic: Sequence[Fact], disputes: Sequence[Dispute], wording: Wording, *, with_rest: bool
) -> Message:
    """Return the answer that `lead` is: with the other side of a dispute, what others state for the same period, and
    the figures over time. `on_topic` are the current facts of its topic; `with_rest` lists them all.
    """
    answer = _Answer(lead, wording)
    answer.add([Heading(title_of(lead, wording)), fact_card(lead, wording)])
    answer.add(_sides(lead, disputes, wording))
    answer.list(wording.say("Others on the same period"), _others_on_period(lead, on_topic))
    history = series_text(lead, on_topic, wording)
    if history:
        answer.list(history, [fact for fact in series(lead, on_topic) if fact.id != lead.id])
    rest = [fact for fact in on_topic if fact.id not in answer.shown]
    if with_rest:
        answer.list(wording.say("Also held on this topic"), rest[:MORE_FACTS])
        answer.add(_more(len(rest) - MORE_FACTS, wording))
    answer.add(_not_held(answer.facts, wording))
    answer.add([Choices(tuple(_next_steps(lead, wording, more=bool(rest) and not with_rest)))])
    return Message(Kind.ANSWER, Document(wording.locale, tuple(answer.blocks)))


def title_of(fact: Fact, wording: Wording) -> str:
    """Return what stands over a fact: its topic, or where it has none the statement it is of."""
    return fact.topic.label.show(wording.locale) if fact.topic else statement_title(fact.statement, wording)


class _Answer:
    """The blocks of an answer so far, each fact and each link shown once."""

    def __init__(self, lead: Fact, wording: Wording) -> None:
        self.blocks: list[Block] = []
        self._links = {lead.statement.source.url}
        self._wording = wording

    @property
    def facts(self) -> list[Fact]:
        return [block.fact for block in self.blocks if isinstance(block, FactCard | FactLine)]

    @property
    def shown(self) -> set[int]:
        return {fact.id for fact in self.facts}

    def add(self, blocks: Iterable[Block]) -> None:
        self.blocks += blocks

    def list(self, title: str, facts: Iterable[Fact]) -> None:
        """Add a heading over the facts that are not shown yet; a sentence of its own stands even without them."""
        lines = [fact_line(fact, self._wording) for fact in facts if fact.id not in self.shown]
        if lines:
            self.blocks += [Heading(title), *links_once(lines, self._links)]
            self._links |= {line.url for line in lines}
        elif title.endswith((".", "。")):
            self.blocks.append(Paragraph(title))


def _others_on_period(lead: Fact, on_topic: Sequence[Fact]) -> list[Fact]:
    """Return what other statements say of the same period: a figure of one party never stands for both."""
    return [
        fact
        for fact in on_topic
        if fact.period == lead.period and lead.period is not None and fact.statement.id != lead.statement.id
    ][:MORE_FACTS]


def statement_title(held: Statement, wording: Wording) -> str:
    """Return a statement in one line: S3: HKSAR Government, 25 June 2024."""
    return wording.say("{id}: {attribution}", id=held.public_id, attribution=attribution(held, wording))


def withdrawn_text(reason: str | None, wording: Wording) -> str:
    """Return that something is withdrawn, and why if a reason is held."""
    return wording.say("Withdrawn: {reason}", reason=reason) if reason else wording.say("Withdrawn.")


def not_held_text(statement: Statement, wording: Wording) -> str:
    """Return that the speaker's own document is not held, for a statement that somebody else reports."""
    return wording.say(
        "No text of {speaker} itself is held for {id}; this is as reported by {publisher}.",
        speaker=statement.speaker.name.show(wording.locale),
        id=statement.public_id,
        publisher=statement.source.publisher,
    )


def shown_standing(fact: Fact) -> Standing:
    """Return the standing a reader is told: a fact of a withdrawn statement is withdrawn with it."""
    withdrawn = fact.statement.standing is Standing.WITHDRAWN
    return Standing.WITHDRAWN if withdrawn else fact.standing


def _details(fact: Fact, wording: Wording) -> Iterable[Detail]:
    statement, source = fact.statement, fact.statement.source
    if fact.period:
        yield Detail(wording.say("About"), wording.period(fact.period))
    if fact.change:
        yield Detail(wording.say("Stated change"), wording.change(fact.change))
    yield Detail(wording.say("Said by"), attribution(statement, wording), cites=True)
    yield Detail(wording.say("Voice"), _voice(fact, wording))
    title = wording.say("“{title}”, {publisher}", title=source.title, publisher=source.publisher)
    if not source.url:
        title = wording.say("{title} (no link held)", title=title)
    yield Detail(wording.say("Source"), title, source.url, cites=True)
    yield Detail(wording.say("Standing"), _standing(fact, wording))
    if fact.rejected_by:
        yield Detail(wording.say("Disputed"), _rejections(fact, wording))


def _voice(fact: Fact, wording: Wording) -> str:
    voice = wording.voice(fact.voice, fact.statement)
    if fact.paragraph is None:
        return voice
    if fact.paragraph == 0:
        return wording.say("{voice}, headline", voice=voice)
    return wording.say("{voice}, paragraph {number}", voice=voice, number=fact.paragraph)


def _standing(fact: Fact, wording: Wording) -> str:
    standing, reason = shown_standing(fact), fact.reason or fact.statement.reason
    parts = {"standing": wording.standing(standing), "fact": fact.public_id, "statement": fact.statement.public_id}
    if reason and standing is Standing.CURRENT and fact.version > 1:
        return wording.say(
            "{standing} since a correction ({fact}, {statement}): {reason}",
            **parts,
            reason=reason,
        )
    if reason and standing is not Standing.CURRENT:
        return wording.say("{standing} ({fact}, {statement}): {reason}", **parts, reason=reason)
    return wording.say("{standing} ({fact}, {statement})", **parts)


def _quotation(fact: Fact, wording: Wording) -> Quotation | None:
    if not fact.quote:
        return None
    speaker, publisher = fact.statement.speaker.name.show(wording.locale), fact.statement.source.publisher
    if not fact.statement.is_reported:
        return Quotation(fact.quote, speaker)
    return Quotation(
        fact.quote, wording.say("{speaker}, as quoted by {publisher}", speaker=speaker, publisher=publisher)
    )


def _sides(lead: Fact, disputes: Sequence[Dispute], wording: Wording) -> list[Block]:
    """Return the other side of each dispute under its own heading: the first as a card, further ones as lines."""
    blocks: list[Block] = []
    titles: set[str] = set()
    for dispute in disputes:
        lead_is_rejected = dispute.rejected.id == lead.id
        other = dispute.rejecting if lead_is_rejected else dispute.rejected
        speaker = other.statement.speaker.name.show(wording.locale)
        title = (
            wording.say("Disputed: {speaker} rejects this", speaker=speaker)
            if lead_is_rejected
            else wording.say("What this rejects: the claim of {speaker}", speaker=speaker)
        )
        if title in titles:
            blocks += links_once([fact_line(other, wording)], [lead.statement.source.url])
        else:
            blocks += [Heading(title), fact_card(other, wording)]
        titles.add(title)
    return blocks


def _more(left: int, wording: Wording) -> list[Block]:
    if left <= 0:
        return []
    text = wording.say_many(
        "{count} more fact on this topic: its history shows all.",
        "{count} more facts on this topic: its history shows all.",
        left,
    )
    return [Footnote(text)]


def _not_held(facts: Iterable[Fact], wording: Wording) -> list[Block]:
    """Say of each side whose own document is not held that it is not."""
    reported = {
        fact.statement.id: not_held_text(fact.statement, wording) for fact in facts if fact.statement.is_reported
    }
    return [Footnote(text) for text in reported.values()]


def _asks_for_all(fact: Fact, wording: Wording) -> str:
    """Return what stands behind "history" to see all that a fact goes with."""
    return fact.topic.label.show(wording.locale) if fact.topic else fact.public_id


def _next_steps(lead: Fact, wording: Wording, *, more: bool) -> Iterable[Choice]:
    label = _asks_for_all(lead, wording)
    if more:
        yield Choice(wording.say("All on {topic}", topic=label), label)
    yield Choice(wording.say("History"), f"history {label}")
    yield Choice(wording.say("Source"), f"source {lead.public_id}")
