"""What an answer says of how its question was read: what was corrected, resolved, taken over, or not looked at."""

from collections.abc import Iterable
from dataclasses import replace

from bot.answering.judge import Answered
from bot.answering.refusing import asked_time
from bot.answering.searching import Finding
from bot.messages.document import Block, Footnote
from bot.messages.exchange import Kind, Message
from bot.wording.wording import Wording


def noted(message: Message, finding: Finding, wording: Wording) -> Message:
    """Return the reply to a question with footnotes on how the question was read."""
    notes = tuple(_notes(message, finding, wording))
    document = replace(message.document, blocks=(*message.document.blocks, *notes))
    context = None if finding.question.beyond else finding.context  # nobody goes on from what cannot be answered
    return replace(message, document=document, context=context)


def _notes(message: Message, finding: Finding, wording: Wording) -> Iterable[Block]:
    question = finding.question
    if question.spelt:
        pairs = (wording.say("“{typed}” as “{read}”", typed=t, read=r) for t, r in question.spelt.items())
        yield Footnote(wording.say("I read {words}.", words=wording.join(pairs)))
    if finding.went_on_from:
        yield Footnote(wording.say("I read this as going on from “{question}”.", question=finding.went_on_from))
    if message.kind is Kind.ANSWER:
        relative = [asked_time(time, wording) for time in question.times if time.is_relative]
        if relative:
            yield Footnote(wording.say("You asked for {times}.", times=wording.join(relative)))
        yield from _missing(message, finding, wording)
    if finding.cut_short:
        yield Footnote(
            wording.say("More facts hold these words than I read; name the topic or use rarer words to be sure.")
        )


def _missing(message: Message, finding: Finding, wording: Wording) -> Iterable[Block]:
    """Say for which of the times asked for the answer holds nothing."""
    held = [fact.period for fact in message.document.facts if fact.period]
    missing = [year for year in finding.question.periods if not any(period.overlaps(year) for period in held)]
    if missing and isinstance(finding.verdict, Answered):
        named = wording.join(wording.period(year) for year in missing)
        yield Footnote(wording.say("I hold nothing on this for {years}.", years=named))
