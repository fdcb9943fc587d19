"""The command that lists the questions nobody got an answer to, so that editors see what is missing."""

import re

from bot.commands.call import Call, Do, Outcome
from bot.commands.teaching import ask_line, like
from bot.domain.changes import Applied, ForgetUnanswered
from bot.domain.text import Locale
from bot.domain.words import Unanswered
from bot.messages.document import Block, Choice, Choices, Document, Footnote, Heading, Paragraph
from bot.messages.exchange import CALENDAR_ZONE, Form, Kind, Message, Submit

LISTED = 10
MOST_LISTED = 50
_SEARCHED = 10_000  # more than are ever kept
_FORGETTING = r"forget|忘記"
UNANSWERED = rf"\d{{0,4}}|(?:{_FORGETTING})(?: .+)?"
_FORGET = re.compile(rf"(?:{_FORGETTING})(?: (?P<question>.+))?", re.IGNORECASE)
_ALL = ("all", "全部")
CONFIRM, CANCEL = "confirm", "cancel"


def unanswered(call: Call) -> Outcome:
    """List unanswered questions, forget one of them, or take the next step of forgetting all."""
    if call.request.form:
        return _forget_all(call, call.request.form.submit)
    forget = _FORGET.fullmatch(call.rest)
    if not forget:
        return _listed(call, int(call.rest or LISTED))
    question = (forget["question"] or "").strip()
    if not question:
        usage = call.typed("unanswered forget QUESTION")
        text = call.wording.say("Write it like this: {usage}", usage=usage)
        return call.error(text, *_list_choice(call))
    return _forget_all(call, "") if question.casefold() in _ALL else _forget(call, question)


def _listed(call: Call, most: int) -> Message:
    say, number = call.wording.say, call.wording.number
    if not 1 <= most <= MOST_LISTED:
        text = say("I list 1 to {most} questions at a time.", most=number(MOST_LISTED))
        return call.error(text, *_list_choice(call))
    found = call.library.unanswered(most + 1, call.request.actor.name)
    if not found:
        return _none(call)
    blocks: list[Block] = [Heading(say("Questions nobody got an answer to"))]
    for each in found[:most]:
        blocks += [_line(call, each), Choices(_steps(call, each))]
    if len(found) > most:
        more = call.typed(f"unanswered {min(2 * most, MOST_LISTED)}")
        blocks.append(Footnote(say("There are more: “{line}” lists them, the most asked first.", line=more)))
    blocks.append(
        Footnote(say("Who asked is not kept, and neither are mentions, addresses and telephone numbers in a question."))
    )
    lines = {"teach": call.typed("help topic"), "add": call.typed("add")}
    blocks.append(
        Footnote(say("To answer one, teach a topic its words (“{teach}”) or add a statement (“{add}”).", **lines))
    )
    return call.message(Kind.HELP, *blocks)


def _none(call: Call) -> Message:
    say = call.wording.say
    text = Paragraph(say("No question is kept here: none went without an answer, or all were forgotten."))
    return call.message(Kind.HELP, text)


def _line(call: Call, each: Unanswered) -> Paragraph:
    say = call.wording.say
    text = call.wording.say_many(
        "“{question}”: asked {count} time in {language}, last on {date}",
        "“{question}”: asked {count} times in {language}, last on {date}",
        each.times,
        question=each.question,
        language=say("Chinese") if each.locale is Locale.ZH_HANT else say("English"),
        date=call.wording.date(each.last_asked.astimezone(CALENDAR_ZONE).date()),
    )
    return Paragraph(text)


def _steps(call: Call, each: Unanswered) -> tuple[Choice, ...]:
    say = call.wording.say
    return (
        Choice(say("Ask it again"), ask_line(each.question)),
        Choice(say("Forget it"), f"unanswered forget {each.question}"),
    )


def _forget(call: Call, typed: str) -> Outcome:
    """Forget one question, in whichever language it was asked."""
    say = call.wording.say
    question = _meant(call, typed)
    if question is None:
        return call.error(say("No question like “{question}” is kept.", question=typed), *_list_choice(call))

    def forgotten(_: Applied) -> Message:
        text = say("Forgotten: “{question}”. It is listed again when somebody asks it again.", question=question)
        return call.message(Kind.DONE, Paragraph(text), Choices(_list_choice(call)))

    return Do(ForgetUnanswered(question), forgotten)


def _meant(call: Call, typed: str) -> str | None:
    """Return the question kept that was typed, whatever its case and marks; None where none is like it."""
    kept = [each.question for each in call.library.unanswered(_SEARCHED, call.request.actor.name)]
    return typed if typed in kept else next(iter(like(kept, [typed])), None)


def _forget_all(call: Call, submit: str) -> Outcome:
    say = call.wording.say
    if submit == CANCEL:
        return call.message(Kind.DONE, Paragraph(say("Nothing was changed.")))
    if submit == CONFIRM:
        text = Paragraph(say("All unanswered questions are forgotten."))
        return Do(ForgetUnanswered(), lambda _: call.message(Kind.DONE, text))
    return _form(call) if call.library.unanswered(1, call.request.actor.name) else _none(call)


def _form(call: Call) -> Form:
    say = call.wording.say
    warning = Paragraph(say("All questions that went without an answer are forgotten. This cannot be taken back."))
    return Form(
        command="unanswered",
        step="forget",
        title=say("Forget all unanswered questions"),
        fields=(),
        submits=(Submit(CONFIRM, say("Forget them all")), Submit(CANCEL, say("Cancel"))),
        locale=call.wording.locale,
        document=Document(call.wording.locale, (warning,)),
    )


def _list_choice(call: Call) -> tuple[Choice, ...]:
    return (Choice(call.wording.say("Unanswered questions"), "unanswered"),)
