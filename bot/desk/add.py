"""Adding a statement: who said it, where and when; then its facts one by one; then a review to confirm."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.call import Call, Do, Outcome
from bot.desk.draft import FactDraft, StatementDraft, Values, read_fact, read_statement
from bot.desk.fields import fact_fields, filled, statement_fields
from bot.desk.names import HeldNames
from bot.domain.changes import Applied, LoadLibrary, Origin
from bot.domain.facts import Fact
from bot.messages.document import Block, Choice, Choices, Document, Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Form, FormErrors, FormInput, Kind, Message, Submit
from bot.wording.wording import Wording

MAX_FACTS = 50
STATEMENT, FACT, REVIEW = "statement", "fact", "review"
ANOTHER, TO_REVIEW, CONFIRM, CANCEL = "another", "review", "confirm", "cancel"


@dataclass(frozen=True, slots=True)
class _Progress:
    """What was typed in earlier steps; it travels in the form, so that nothing is kept between two requests."""

    statement: Values
    facts: tuple[Values, ...] = ()

    @classmethod
    def carried(cls, text: str) -> "_Progress":
        held = json.loads(text) if text else {}
        return cls(held.get(STATEMENT, {}), tuple(held.get("facts", ())))

    def carry(self) -> str:
        return json.dumps({STATEMENT: dict(self.statement), "facts": [dict(f) for f in self.facts]}, ensure_ascii=False)


def add(call: Call) -> Outcome:
    """Take the next step of adding a statement."""
    sent = call.request.form
    if sent is None:
        return _statement_form(call, {})
    progress = _Progress.carried(sent.carried)
    if sent.submit == CANCEL:
        return call.message(Kind.DONE, Paragraph(call.wording.say("Nothing was added.")))
    match sent.step:
        case "statement":
            return _take_statement(call, sent, progress)
        case "fact":
            return _take_fact(call, sent, progress)
        case _:
            return _fact_form(call, progress) if sent.submit == ANOTHER else _confirm(call, progress)


def _take_statement(call: Call, sent: FormInput, progress: _Progress) -> Outcome:
    draft = _read_statement(call, sent.values)
    if isinstance(draft, dict):
        return FormErrors(_statement_form(call, sent.values), draft)
    return _fact_form(call, _Progress(dict(sent.values), progress.facts))


def _take_fact(call: Call, sent: FormInput, progress: _Progress) -> Outcome:
    draft = read_fact(sent.values, call.vocabulary, call.wording)
    if isinstance(draft, dict):
        return FormErrors(_fact_form(call, progress, sent.values), draft)
    progress = _Progress(progress.statement, (*progress.facts, dict(sent.values)))
    if sent.submit == ANOTHER and len(progress.facts) < MAX_FACTS:
        return _fact_form(call, progress)
    return _review_form(call, progress)


def _confirm(call: Call, progress: _Progress) -> Outcome:
    read = _read_all(call, progress)
    if read is None:
        return _statement_form(call, progress.statement)
    statement, facts = read
    content = statement.content(facts)
    return Do(LoadLibrary(content, Origin.EDITOR), lambda applied: _added(call, applied))


def _read_all(call: Call, progress: _Progress) -> tuple[StatementDraft, list[FactDraft]] | None:
    """Read everything again: what is carried passed through somebody's machine."""
    statement = _read_statement(call, progress.statement)
    facts = [read_fact(values, call.vocabulary, call.wording) for values in progress.facts]
    good = [fact for fact in facts if isinstance(fact, FactDraft)]
    if isinstance(statement, dict) or len(good) != len(facts) or not good:
        return None
    return statement, good


def _read_statement(call: Call, values: Values) -> StatementDraft | dict[str, str]:
    today = call.request.received_at.date()
    return read_statement(values, HeldNames(call.library), call.wording, today)


def _statement_form(call: Call, values: Values) -> Form:
    say = call.wording.say
    names = call.wording.join(speaker.name.show(call.wording.locale) for speaker in call.library.speakers())
    known = say("Speakers held: {names}", names=names) if names else say("No speakers are held yet.")
    return Form(
        command="add",
        step=STATEMENT,
        title=say("Add a statement"),
        fields=filled(statement_fields(call.wording), values),
        submits=(Submit("next", say("Next: its facts")),),
        locale=call.wording.locale,
        document=Document(call.wording.locale, (Paragraph(known),)),
    )


def _fact_form(call: Call, progress: _Progress, values: Values | None = None) -> Form:
    say = call.wording.say
    number = call.wording.number(len(progress.facts) + 1)
    return Form(
        command="add",
        step=FACT,
        title=say("Fact {number}", number=number),
        fields=filled(fact_fields(call.wording), values or {}),
        submits=(Submit(TO_REVIEW, say("Review")), Submit(ANOTHER, say("Add another fact"))),
        locale=call.wording.locale,
        carried=progress.carry(),
    )


def _review_form(call: Call, progress: _Progress) -> Outcome:
    read = _read_all(call, progress)
    if read is None:
        return _statement_form(call, progress.statement)
    statement, facts = read
    say = call.wording.say
    blocks: list[Block] = [Heading(say("Review before it is added")), _statement_entries(statement, call.wording)]
    for number, draft in enumerate(facts, 1):
        blocks += [Heading(say("Fact {number}", number=call.wording.number(number))), fact_entries(draft, call.wording)]
        blocks += [_already(fact, call.wording) for fact in _like(call, statement, draft)]
    return Form(
        command="add",
        step=REVIEW,
        title=say("Review"),
        fields=(),
        submits=(
            Submit(CONFIRM, say("Add it")),
            Submit(ANOTHER, say("Add another fact")),
            Submit(CANCEL, say("Cancel")),
        ),
        locale=call.wording.locale,
        carried=progress.carry(),
        document=Document(call.wording.locale, tuple(blocks)),
    )


def _statement_entries(draft: StatementDraft, wording: Wording) -> Entries:
    say = wording.say
    return Entries(
        (
            Entry(say("Speaker"), draft.speaker if draft.speaker_key else say("{name} (new)", name=draft.speaker)),
            Entry(say("Date"), wording.date(draft.said_on)),
            Entry(say("Title"), draft.title),
            Entry(say("Link"), draft.url or say("none held")),
            Entry(say("Publisher"), draft.publisher),
        )
    )


def fact_entries(draft: FactDraft, wording: Wording) -> Entries:
    """Return a drafted fact as it was understood, for review."""
    say, said = wording.say, draft.assertion
    rows = [
        (say("Topic"), draft.topic.label.show(wording.locale)),
        (say("Fact"), wording.labelled(*said.text.best(wording.locale))),
        (say("Value"), wording.value(said)),
        (say("Period"), wording.period(said.period) if said.period else say("none stated")),
        (say("Stated change"), wording.change(said.change) if said.change else ""),
        (say("Quotation"), said.quote or ""),
    ]
    return Entries(tuple(Entry(term, text) for term, text in rows if text))


def _like(call: Call, statement: StatementDraft, draft: FactDraft) -> Sequence[Fact]:
    """Return current facts of the same speaker, topic and period: the new one may double or contradict them."""
    if statement.speaker_key is None or draft.assertion.period is None:
        return ()
    return [
        fact
        for fact in call.library.current_facts(draft.topic.key)
        if fact.statement.speaker.key == statement.speaker_key and fact.period == draft.assertion.period
    ]


def _already(fact: Fact, wording: Wording) -> Footnote:
    text = wording.labelled(*fact.text.best(wording.locale))
    return Footnote(wording.say("{id} is already held for this period: {text}", id=fact.public_id, text=text))


def _added(call: Call, applied: Applied) -> Message:
    say = call.wording.say
    if not (applied.added or applied.changed):
        return call.message(Kind.DONE, Paragraph(say("This statement is already held; nothing was added.")))
    ids = call.wording.join(applied.ids)
    text = say("Added as {ids}. Channels that follow it hear of it in their next digest.", ids=ids)
    first = applied.ids[0]
    steps = (Choice(say("Show it"), f"statement {first}"), Choice(say("Withdraw it"), f"withdraw {first}"))
    return call.message(Kind.DONE, Paragraph(text), Choices(steps if first.startswith("S") else ()))
