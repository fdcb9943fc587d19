"""Saying why: how a question was read, and what the fact that answers it, or comes nearest, was judged by."""

from bot.answering.judge import Answered, Cover, NotHeld, Why
from bot.answering.searching import Finding
from bot.answering.terms import unfolded
from bot.answering.vetoes import Veto
from bot.commands.call import Call, Noted, Outcome
from bot.messages.document import Block, Entries, Entry, Heading, Paragraph
from bot.messages.exchange import Explanation, Kind, Message
from bot.wording.wording import Wording


def explained(finding: Finding) -> Explanation:
    """Return how a question was read and judged."""
    question, why = finding.question, _judged(finding)
    return Explanation(
        fact=why.fact.public_id if why else None,
        wanted=question.wanted,
        spelt=dict(question.spelt),
        times=tuple(
            (unfolded(time.words), time.period.iso if time.period else str(time.month)) for time in question.times
        ),
        places=tuple(sorted(question.places)),
        speakers=tuple(sorted(question.parties.asked)),
        covered=tuple((unfolded(word), str(cover)) for word, cover in why.covered) if why else (),
        may_stay_uncovered=str(why.allowed) if why else "0",
        vetoes=tuple((str(veto), veto not in why.vetoes) for veto in Veto) if why else (),
        beyond=f"{question.beyond[0]}: {unfolded(question.beyond[1])}" if question.beyond else None,
    )


def trace(call: Call) -> Outcome:
    """Show an editor why a question is answered as it is."""
    from bot.commands.reading import question_answer  # noqa: PLC0415 (reading explains its answers)

    outcome = question_answer(call, call.rest)
    message = outcome.message if isinstance(outcome, Noted) else outcome
    if not isinstance(message, Message) or message.why is None:
        return outcome
    return call.message(Kind.HELP, *_blocks(message.why, message.kind, call.wording))


def _judged(finding: Finding) -> Why | None:
    verdict = finding.verdict
    return verdict.why if isinstance(verdict, Answered | NotHeld) else None


def _blocks(why: Explanation, kind: Kind, wording: Wording) -> list[Block]:
    say = wording.say
    blocks: list[Block] = [Heading(say("Why: {outcome}", outcome=_outcome(kind, wording)))]
    read = [
        (say("Asked for"), why.wanted),
        *((say("Spelling"), f"{typed} → {read}") for typed, read in why.spelt.items()),
    ]
    read += [(say("Time"), f"{words} → {period}") for words, period in why.times]
    read += [(say("Place"), wording.join(why.places))] if why.places else []
    read += [(say("In whose words"), wording.join(why.speakers))] if why.speakers else []
    read += [(say("No fact can answer"), why.beyond)] if why.beyond else []
    blocks.append(Entries(tuple(Entry(term, text) for term, text in read)))
    if why.fact is None:
        blocks.append(Paragraph(say("No single fact was judged to the end.")))
        return blocks
    blocks.append(Heading(say("Judged by {fact}", fact=why.fact)))
    blocks.append(Entries(tuple(Entry(word, _cover(cover, wording)) for word, cover in why.covered)))
    blocks.append(Paragraph(say("May stay uncovered: {share} of the words.", share=why.may_stay_uncovered)))
    blocks.append(Entries(tuple(Entry(_veto(veto, wording), _passed(wording, passed=ok)) for veto, ok in why.vetoes)))
    return blocks


def _passed(wording: Wording, *, passed: bool) -> str:
    return wording.say("passes") if passed else wording.say("rules it out")


def _outcome(kind: Kind, wording: Wording) -> str:
    match kind:
        case Kind.ANSWER:
            return wording.say("answered")
        case Kind.CHOICE:
            return wording.say("several topics fit equally")
        case _:
            return wording.say("not answered")


def _cover(cover: str, wording: Wording) -> str:
    match Cover(cover):
        case Cover.FACT:
            return wording.say("in the fact")
        case Cover.TOPIC:
            return wording.say("among its topic’s words")
        case Cover.SPEAKER:
            return wording.say("names its speaker")
        case Cover.PARTLY:
            return wording.say("in part")
        case Cover.NOTHING:
            return wording.say("not covered")


def _veto(veto: str, wording: Wording) -> str:
    match Veto(veto):
        case Veto.TIME:
            return wording.say("Its time")
        case Veto.PLACE:
            return wording.say("Its place")
        case Veto.VALUE:
            return wording.say("The kind of its value")
        case Veto.SPEAKER:
            return wording.say("Who speaks")
        case Veto.ROLE:
            return wording.say("Who does it")
        case Veto.NAMED:
            return wording.say("Names, numbers and what is asked for")
