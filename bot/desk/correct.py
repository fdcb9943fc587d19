"""Correcting a fact: the form as it stands, a review of what was and what is, and a new version."""

import json
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from bot.answering.composing import shown_standing
from bot.commands.call import Call, Do, Outcome
from bot.commands.looking_up import id_number, no_such
from bot.desk.add import contradiction, fact_entries
from bot.desk.draft import Checker, FactDraft, Values, read_fact
from bot.desk.fields import fact_fields, fact_values, filled, reason_field, sent_back
from bot.desk.plain import bare_text, tidy
from bot.desk.untouched import untouched, without
from bot.domain.changes import CorrectFact
from bot.domain.facts import Assertion, Fact, Standing, Voice
from bot.domain.text import Locale, LocalText
from bot.messages.document import Block, Choice, Choices, Document, Footnote, Heading, Paragraph
from bot.messages.exchange import Form, FormErrors, FormInput, Kind, Message, Submit

EDIT, REVIEW = "edit", "review"
CONFIRM, KEEP, CHANGE, CANCEL = "confirm", "keep", "change", "cancel"


def correct(call: Call) -> Outcome:
    """Take the next step of correcting a fact."""
    sent = sent_back(call.request)
    if sent is None:
        fact = call.library.fact(id_number(call.rest))
        return no_such(call) if fact is None else _begin(call, fact)
    carried = json.loads(sent.carried)
    fact = call.library.fact(int(carried["fact"]))
    if fact is None:
        return no_such(call)
    if sent.submit == CANCEL:
        return call.message(Kind.DONE, Paragraph(call.wording.say("Nothing was changed.")))
    if shown_standing(fact) is not Standing.CURRENT:
        return _begin(call, fact)
    values: Values = carried["values"] if sent.step == REVIEW else sent.values
    if fact.version != carried["version"]:
        note = call.wording.say("{id} was changed meanwhile. Check it again before you send.", id=fact.public_id)
        return FormErrors(_edit_form(call, fact, values), {"": note})
    return _take(call, sent, fact, values)


def _begin(call: Call, fact: Fact) -> Outcome:
    """Return the form of a fact that stands; what does not is restored first, so that no reason hides another."""
    standing = shown_standing(fact)
    if standing is Standing.CURRENT:
        return _edit_form(call, fact, fact_values(fact.topic, fact))
    text = call.wording.say(
        "{id} is {standing}: restore it first.", id=fact.public_id, standing=call.wording.standing(standing)
    )
    return call.error(text, Choice(call.wording.say("Restore it"), f"restore {fact.public_id}"))


def _take(call: Call, sent: FormInput, fact: Fact, values: Values) -> Outcome:
    check = Checker((reason_field(call.wording),), values, call.wording)
    draft = read_fact(call, values)
    if check.errors or isinstance(draft, dict):
        return FormErrors(_edit_form(call, fact, values), check.errors | (draft if isinstance(draft, dict) else {}))
    corrected = FactDraft(draft.topic, _kept(fact, draft.assertion))
    if corrected.topic_key == _topic_key(fact) and corrected.assertion.parts() == fact.parts():
        return FormErrors(_edit_form(call, fact, values), {"": call.wording.say("Nothing differs from what is held.")})
    if sent.step == REVIEW and sent.submit == CHANGE:
        return _edit_form(call, fact, values)
    if sent.step != REVIEW or sent.submit not in (CONFIRM, KEEP):
        return _review_form(call, fact, corrected, values)
    if sent.submit == CONFIRM:
        corrected = without(corrected, untouched(fact, corrected.assertion))
    change = CorrectFact(fact.id, fact.version, corrected.assertion, corrected.topic_key, check.text("reason"))
    return Do(change, lambda _: _corrected(call, fact, corrected))


def _topic_key(fact: Fact) -> str | None:
    return fact.topic.key if fact.topic else None


def _kept(fact: Fact, said: Assertion) -> Assertion:
    """Return what was typed, with what the form does not ask for as it was held."""
    parts = said.parts()
    parts["paragraph"] = fact.paragraph
    if fact.voice is Voice.OUTLET and not said.quote:
        parts["voice"] = Voice.OUTLET
    for name in ("value", "unit"):
        new, held = parts[name], getattr(fact, name)
        if held is not None and new == _as_form_shows(held):
            parts[name] = held
    return Assertion(**parts)


def _as_form_shows(held: object) -> object:
    """Return a bilingual text as an untouched form sends it back: in English, or Chinese where that is all."""
    return bare_text(held.en or held.zh_hant or "") if isinstance(held, LocalText) else held


def _edit_form(call: Call, fact: Fact, values: Values) -> Form:
    say = call.wording.say
    return Form(
        command="correct",
        step=EDIT,
        title=say("Correct {id}", id=fact.public_id),
        fields=filled((*fact_fields(call.wording), reason_field(call.wording)), values),
        submits=(Submit("review", say("Review")),),
        locale=call.wording.locale,
        carried=json.dumps({"fact": fact.id, "version": fact.version}),
    )


def _review_form(call: Call, fact: Fact, corrected: FactDraft, values: Values) -> Form:
    say = call.wording.say
    left = untouched(fact, corrected.assertion)
    will_be = without(corrected, left)
    blocks: list[Block] = [
        Heading(say("It was")),
        fact_entries(FactDraft(fact.topic, fact), call.wording),
        Heading(say("It will be")),
        fact_entries(will_be, call.wording),
        *contradiction(will_be, call.wording),
        *_left_as_it_was(call, left, will_be),
        Footnote(say("Reason: {reason}", reason=tidy(values.get("reason", "")))),
    ]
    return Form(
        command="correct",
        step=REVIEW,
        title=say("Correct {id}", id=fact.public_id),
        fields=(),
        submits=_ways(call, left, will_be),
        locale=call.wording.locale,
        carried=json.dumps({"fact": fact.id, "version": fact.version, "values": dict(values)}, ensure_ascii=False),
        document=Document(call.wording.locale, tuple(blocks)),
    )


def _left_as_it_was(call: Call, left: AbstractSet[Locale], will_be: FactDraft) -> Iterable[Block]:
    """Yield what becomes of the sentences that were left as they were."""
    say = call.wording.say
    if left & _held(will_be):
        text = say("The value is new, and the sentence is as it was. Change it, or say that it still holds.")
        yield Paragraph(text)
    elif Locale.ZH_HANT in left:
        text = say(
            "The Chinese sentence was left as it was, so it is taken out: Chinese readers are shown the English one,"
            " marked as held in English only. Keep it if it still holds, or write it anew."
        )
        yield Paragraph(text)
    elif left:
        text = say(
            "The English sentence was left as it was, so it is taken out: English readers are shown the Chinese one,"
            " marked as held in Chinese only. Keep it if it still holds, or write it anew."
        )
        yield Paragraph(text)


def _ways(call: Call, left: AbstractSet[Locale], will_be: FactDraft) -> tuple[Submit, ...]:
    """Return the ways to send a review: what is done with a sentence that was left as it was is said by a choice."""
    say = call.wording.say
    confirm, cancel = Submit(CONFIRM, say("Correct it")), Submit(CANCEL, say("Cancel"))
    if not left:
        return confirm, cancel
    change = Submit(CHANGE, say("Change something"))
    if left & _held(will_be):  # nothing is left to be shown without it
        return change, Submit(CONFIRM, say("Correct it: the sentence still holds")), cancel
    is_chinese = Locale.ZH_HANT in left
    keep = say("Correct it and keep the Chinese") if is_chinese else say("Correct it and keep the English")
    return confirm, Submit(KEEP, keep), change, cancel


def _held(draft: FactDraft) -> frozenset[Locale]:
    return frozenset(locale for locale in Locale if draft.assertion.text.held(locale))


def _corrected(call: Call, fact: Fact, corrected: FactDraft) -> Message:
    say = call.wording.say
    told = corrected.assertion.announces(fact) or corrected.topic_key != _topic_key(fact)
    text = say("{id} is corrected; the version before stays in its history.", id=fact.public_id)
    note = (
        say("Channels that follow it hear of it in their next digest.")
        if told
        else say("Only wording changed, so no channel hears of it.")
    )
    steps = (Choice(say("Check it"), f"check {fact.public_id}"), Choice(say("History"), f"history {fact.public_id}"))
    return call.message(Kind.DONE, Paragraph(text), Footnote(note), Choices(steps))
