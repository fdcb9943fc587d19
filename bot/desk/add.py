"""Adding a statement: who said it, where and when; then its facts one by one; then a review to confirm."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answering.composing import fact_line
from bot.commands.call import Call, Do, Outcome
from bot.desk.draft import FactDraft, StatementDraft, Values, read_new_fact, read_statement
from bot.desk.fields import filled, new_fact_fields, sent_back, statement_fields
from bot.desk.names import HeldNames
from bot.desk.typed import holds_number
from bot.domain.changes import Applied, LoadLibrary, Origin
from bot.domain.facts import Assertion, Fact
from bot.domain.text import Locale
from bot.messages.document import Block, Choice, Choices, Document, Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Form, FormErrors, FormInput, Kind, Message, Submit
from bot.wording.wording import Wording

MAX_FACTS = 50
STATEMENT, FACT, REVIEW = "statement", "fact", "review"
ANOTHER, TO_REVIEW, CONFIRM, CHANGE, CANCEL = "another", "review", "confirm", "change", "cancel"


@dataclass(frozen=True, slots=True)
class _Progress:
    """What was typed in earlier steps; it travels in the form, so that nothing is kept between two requests."""

    statement: Values
    facts: tuple[Values, ...] = ()
    waiting: tuple[Values, ...] = ()  # facts typed before, to be gone through again

    @classmethod
    def carried(cls, text: str) -> "_Progress":
        held = json.loads(text) if text else {}
        return cls(held.get(STATEMENT, {}), tuple(held.get("facts", ())), tuple(held.get("waiting", ())))

    @property
    def has_room(self) -> bool:
        """Whether one more fact may be added."""
        return len(self.facts) + len(self.waiting) < MAX_FACTS

    def carry(self) -> str:
        plain = {
            STATEMENT: dict(self.statement),
            "facts": [*map(dict, self.facts)],
            "waiting": [*map(dict, self.waiting)],
        }
        return json.dumps(plain, ensure_ascii=False)


def add(call: Call) -> Outcome:
    """Take the next step of adding a statement."""
    sent = sent_back(call.request)
    if sent is None:
        return _statement_form(call, _Progress({}))
    progress = _Progress.carried(sent.carried)
    if sent.submit == CANCEL:
        return call.message(Kind.DONE, Paragraph(call.wording.say("Nothing was added.")))
    match sent.step:
        case "fact":
            return _take_fact(call, sent, progress)
        case "review":
            return _take_review(call, sent, progress)
        case _:
            return _take_statement(call, sent, progress)


def _take_statement(call: Call, sent: FormInput, progress: _Progress) -> Outcome:
    draft = _read_statement(call, sent.values)
    if isinstance(draft, dict):
        return FormErrors(_statement_form(call, replace(progress, statement=sent.values)), draft)
    return _fact_form(call, replace(progress, statement=dict(sent.values)))


def _take_fact(call: Call, sent: FormInput, progress: _Progress) -> Outcome:
    draft = read_new_fact(call, sent.values)
    errors = draft if isinstance(draft, dict) else _clashes(call, progress, draft)
    if errors:
        return FormErrors(_fact_form(call, progress, sent.values), errors)
    progress = replace(progress, facts=(*progress.facts, dict(sent.values)), waiting=progress.waiting[1:])
    if progress.waiting or (sent.submit == ANOTHER and progress.has_room):
        return _fact_form(call, progress)
    return _review_form(call, progress)


def _take_review(call: Call, sent: FormInput, progress: _Progress) -> Outcome:
    if sent.submit == CONFIRM:
        return _confirm(call, progress)
    if sent.submit == CHANGE:
        return _statement_form(call, replace(progress, facts=(), waiting=progress.facts))
    return _fact_form(call, progress) if sent.submit == ANOTHER and progress.has_room else _review_form(call, progress)


def _confirm(call: Call, progress: _Progress) -> Outcome:
    read = _read_all(call, progress)
    if read is None:
        return _statement_form(call, progress)
    statement, facts = read
    content = statement.content(facts)
    return Do(LoadLibrary(content, Origin.EDITOR), lambda applied: _added(call, applied))


def _clashes(call: Call, progress: _Progress, draft: FactDraft) -> dict[str, str]:
    """Return what is wrong with a fact beside the rest of the draft: it stands there already, or rejects itself."""
    statement = _read_statement(call, progress.statement)
    if isinstance(statement, dict):
        return {}  # the review asks for the statement again
    earlier = (read_new_fact(call, values) for values in progress.facts)
    keys = {fact.key(statement.key) for fact in earlier if isinstance(fact, FactDraft)}
    if draft.key(statement.key) in keys:
        return {"text": call.wording.say("This fact is already in this draft.")}
    if draft.rejects_itself(statement.key):
        return {"rejects": call.wording.say("A fact cannot reject itself.")}
    return {}


def _read_all(call: Call, progress: _Progress) -> tuple[StatementDraft, list[FactDraft]] | None:
    """Read everything again: what is carried passed through somebody's machine."""
    statement = _read_statement(call, progress.statement)
    facts = [read_new_fact(call, values) for values in progress.facts]
    good = [fact for fact in facts if isinstance(fact, FactDraft)]
    if isinstance(statement, dict) or len(good) != len(facts) or not 0 < len(good) <= MAX_FACTS:
        return None
    keys = {fact.key(statement.key) for fact in good}
    clash = len(keys) != len(good) or any(fact.rejects_itself(statement.key) for fact in good)
    return None if clash else (statement, good)


def _read_statement(call: Call, values: Values) -> StatementDraft | dict[str, str]:
    return read_statement(values, HeldNames(call.library), call.wording, call.request.today)


def _statement_form(call: Call, progress: _Progress) -> Form:
    say = call.wording.say
    names = call.wording.join(speaker.name.show(call.wording.locale) for speaker in call.library.speakers())
    known = say("Speakers held: {names}", names=names) if names else say("No speakers are held yet.")
    return Form(
        command="add",
        step=STATEMENT,
        title=say("Add a statement"),
        fields=filled(statement_fields(call.wording), progress.statement),
        submits=(Submit("next", say("Next: its facts")),),
        locale=call.wording.locale,
        carried=progress.carry(),
        document=Document(call.wording.locale, (Paragraph(known),)),
    )


def _fact_form(call: Call, progress: _Progress, values: Values | None = None) -> Form:
    say = call.wording.say
    number = call.wording.number(len(progress.facts) + 1)
    typed = values or next(iter(progress.waiting), {})
    more = (Submit(ANOTHER, say("Next fact")),) if len(progress.waiting) > 1 else ()
    ready = (Submit(TO_REVIEW, say("Review")), Submit(ANOTHER, say("Add another fact")))
    return Form(
        command="add",
        step=FACT,
        title=say("Fact {number}", number=number),
        fields=filled(new_fact_fields(call.wording), typed),
        submits=more or ready,
        locale=call.wording.locale,
        carried=progress.carry(),
    )


def _review_form(call: Call, progress: _Progress) -> Outcome:
    read = _read_all(call, progress)
    if read is None:
        return _statement_form(call, progress)
    statement, facts = read
    say = call.wording.say
    blocks: list[Block] = [Heading(say("Review before it is added")), _statement_entries(call, statement)]
    for number, draft in enumerate(facts, 1):
        blocks += [Heading(say("Fact {number}", number=call.wording.number(number))), fact_entries(draft, call.wording)]
        blocks += [_already(fact, call.wording) for fact in _like(call, statement, draft)]
        blocks += [*contradiction(draft, call.wording), *_odd_rejections(statement, draft, call.wording)]
    return Form(
        command="add",
        step=REVIEW,
        title=say("Review"),
        fields=(),
        submits=(
            Submit(CONFIRM, say("Add it")),
            *((Submit(ANOTHER, say("Add another fact")),) if progress.has_room else ()),
            Submit(CHANGE, say("Change something")),
            Submit(CANCEL, say("Cancel")),
        ),
        locale=call.wording.locale,
        carried=progress.carry(),
        document=Document(call.wording.locale, tuple(blocks)),
    )


def _statement_entries(call: Call, draft: StatementDraft) -> Entries:
    say = call.wording.say
    return Entries(
        (
            Entry(say("Speaker"), draft.speaker if draft.held_speaker else _new_speaker(call, draft.speaker)),
            Entry(say("Date"), call.wording.date(draft.said_on)),
            Entry(say("Title"), draft.title),
            Entry(say("Link"), draft.url or say("none held")),
            Entry(say("Publisher"), draft.publisher),
        )
    )


def _new_speaker(call: Call, name: str) -> str:
    """Return a speaker that is not held yet as such, with the held one whose name or alias looks most like it."""
    from difflib import get_close_matches  # noqa: PLC0415 (only for a name nobody holds)

    speakers = call.library.speakers()
    held = {alias: speaker.name.show(call.wording.locale) for speaker in speakers for alias in speaker.aliases}
    held |= {text: text for speaker in speakers for text in (speaker.name.en, speaker.name.zh_hant) if text}
    near = get_close_matches(name, held, n=1)
    if near:
        return call.wording.say("{name} (new; or did you mean {near}?)", name=name, near=held[near[0]])
    return call.wording.say("{name} (new)", name=name)


def contradiction(draft: FactDraft, wording: Wording) -> list[Block]:
    """Return a warning for each sentence that does not hold the value, where that is a number."""
    said, value = draft.assertion, draft.assertion.value
    if not isinstance(value, int | float):
        return []
    lacking = [text for text in (said.text.en, said.text.zh_hant) if text and not holds_number(text, value)]
    shown = wording.value(said)
    return [
        Footnote(
            wording.say("“{text}” does not hold the value {value}. Check that both are right.", text=text, value=shown)
        )
        for text in lacking
    ]


def _odd_rejections(statement: StatementDraft, draft: FactDraft, wording: Wording) -> Iterable[Block]:
    """Warn of a rejection by the very speaker, or of what was said only later: a slip of the id does that."""
    for fact in draft.rejects:
        if fact.statement.speaker.key == statement.held_speaker:
            yield Footnote(wording.say("{id} is by the same speaker. Does it reject its own words?", id=fact.public_id))
        if fact.statement.said_on > statement.said_on:
            said_on = wording.date(fact.statement.said_on)
            yield Footnote(
                wording.say("{id} was said only on {date}. Is the id right?", id=fact.public_id, date=said_on)
            )


def fact_entries(draft: FactDraft, wording: Wording) -> Entries:
    """Return a drafted fact as it was understood, for review."""
    say, said = wording.say, draft.assertion
    rows = [
        (say("Topic"), draft.topic.label.show(wording.locale) if draft.topic else say("no topic")),
        (say("Fact"), wording.labelled(*said.text.best(wording.locale))),
        (say("Fact in the other language"), _other_text(said, wording)),
        (say("Value"), wording.value(said)),
        (say("Period"), wording.period(said.period) if said.period else say("none stated")),
        (say("Stated change"), wording.change(said.change) if said.change else ""),
        (say("Quotation"), said.quote or ""),
        *((say("Rejects"), _named_text(fact, wording)) for fact in draft.rejects),
    ]
    return Entries(tuple(Entry(term, text) for term, text in rows if text))


def _other_text(said: Assertion, wording: Wording) -> str:
    own, held_in = said.text.best(wording.locale)
    other = said.text.held(Locale.EN if held_in is Locale.ZH_HANT else Locale.ZH_HANT)
    return other if other and other != own else ""


def _like(call: Call, statement: StatementDraft, draft: FactDraft) -> Sequence[Fact]:
    """Return current facts of the same speaker, topic and period: the new one may double or contradict them."""
    if statement.held_speaker is None or draft.topic is None or draft.assertion.period is None:
        return ()
    return [
        fact
        for fact in call.library.current_facts(draft.topic.key)
        if fact.statement.speaker.key == statement.held_speaker and fact.period == draft.assertion.period
    ]


def _already(fact: Fact, wording: Wording) -> Footnote:
    line = fact_line(fact, wording)
    held = wording.say("{text} [{source}]", text=line.text, source=line.source)
    return Footnote(wording.say("{id} is already held for this period: {text}", id=fact.public_id, text=held))


def _named_text(fact: Fact, wording: Wording) -> str:
    text = wording.labelled(*fact.text.best(wording.locale))
    return wording.say("{id}: {text}", id=fact.public_id, text=text)


def _added(call: Call, applied: Applied) -> Message:
    say = call.wording.say
    if not (applied.added or applied.changed):
        return call.message(Kind.DONE, Paragraph(say("This statement is already held; nothing was added.")))
    if not applied.ids:
        return call.message(
            Kind.DONE, Paragraph(say("This statement is already held; what it rejects is now recorded."))
        )
    ids = call.wording.join(applied.ids)
    text = say("Added as {ids}. Channels that follow it hear of it in their next digest.", ids=ids)
    first = applied.ids[0]
    steps = (Choice(say("Show it"), f"statement {first}"), Choice(say("Withdraw it"), f"withdraw {first}"))
    return call.message(Kind.DONE, Paragraph(text), Choices(steps if first.startswith("S") else ()))
