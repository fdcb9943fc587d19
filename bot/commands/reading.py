"""Commands that anyone may use to ask the library."""

import re
from dataclasses import replace

from bot.answering.composing import fact_answer
from bot.answering.finding import answer
from bot.answering.judge import Answered, NotHeld, Unclear, of_topic
from bot.answering.noting import noted
from bot.answering.refusing import abstention, choice_of_topics, offered_topics
from bot.answering.searching import Finding, Search, lead_first
from bot.answering.terms import contains_han
from bot.commands.about import welcome
from bot.commands.call import Call, Noted, Outcome
from bot.commands.explaining import explained
from bot.commands.grammar import raw_rest
from bot.desk.plain import one_line
from bot.domain.changes import CountUnanswered
from bot.domain.facts import Topic
from bot.domain.people import Platform, Role
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Context, Kind, Message

ALIASES_SHOWN = 4
TOPICS_OFFERED = 3
_NAME_WORDS = 3  # a longer line is no topic's name mistyped
_LONGEST_KEPT = 200  # characters of an unanswered question
_UNANSWERED = (Kind.ABSTENTION, Kind.CHOICE)
# Mentions, of roles too (Discord: <@&1>), addresses and telephone numbers.
_PERSONAL = re.compile(r"<[@#][!&]?\w+(?:\|[^>]*)?>|[@#][\w.-]+|\S+@\S+\.\S+|\+?\d[\d -]{6,}\d")


def ask(call: Call) -> Outcome:
    """Answer a line that is no command: the topic it names, or the question it asks."""
    if not call.vocabulary.topics and not call.library.counts().facts:
        empty = call.wording.say(
            "The library is empty. An editor adds statements with “{line}”, the operator imports a file.",
            line=call.typed("add"),
        )
        return call.message(Kind.ABSTENTION, Paragraph(empty))
    topic = call.vocabulary.topic_named(call.rest)
    if topic:
        return topic_answer(call, topic)
    if call.vocabulary.is_small_talk(call.rest):
        return welcome(call)
    return question_answer(call, call.rest)


def find(call: Call) -> Outcome:
    """Answer what follows `find`, even where it is named like a command."""
    return restated(call, ask(call))


def restated(call: Call, outcome: Outcome) -> Outcome:
    """Return the reply to a question, with the question over one that answers nothing where it would stand alone: what
    is typed after a slash is shown to nobody. On the console and in a conversation the question stands above.
    """
    request = call.request
    message = outcome.message if isinstance(outcome, Noted) else outcome
    if request.actor.platform is Platform.CONSOLE or request.conversation or not isinstance(message, Message):
        return outcome
    question = one_line(raw_rest(request.text, words=0))
    if message.kind not in _UNANSWERED or not question:
        return outcome
    if len(question) > _LONGEST_KEPT:
        question = f"{question[:_LONGEST_KEPT]}…"
    asked = Footnote(call.wording.say("You asked: “{question}”", question=question))
    message = replace(message, document=replace(message.document, blocks=(asked, *message.document.blocks)))
    return replace(outcome, message=message) if isinstance(outcome, Noted) else message


def topic_answer(call: Call, topic: Topic) -> Message:
    """Return all that is held on a topic, with the fact that stands for it first."""
    facts = lead_first(call.library.current_facts(topic.key))
    if not facts:
        return abstention((topic,), call.wording)
    disputes = call.library.disputes([facts[0].id])
    answered = fact_answer(facts[0], facts, disputes, call.wording, with_rest=True)
    periods = (facts[0].period,) if facts[0].period else ()
    return replace(answered, context=Context(topic.label.show(Locale.EN), periods, facts[0].id))


def question_answer(call: Call, question: str) -> Outcome:
    """Return the fact that answers the question, a choice of topics, or an abstention, which is counted."""
    finding = found(call, question)
    message = replace(noted(_worded(call, finding), finding, call.wording), why=explained(finding))
    if message.kind is Kind.ANSWER:
        return _with_why(call, message, finding)
    if message.kind is not Kind.ABSTENTION or not finding.question.words or finding.question.beyond:
        return message
    locale = Locale.ZH_HANT if contains_han(question) else Locale.EN
    return Noted(message, CountUnanswered(as_kept(question), locale))


def found(call: Call, question: str) -> Finding:
    """Return what the library amounts to for a question, as its asker meant it."""
    request = call.request
    finding = answer(question, Search(call.library, call.vocabulary, request.today), request.context)
    read = finding.question
    topic = call.vocabulary.topic_named(" ".join(read.words)) if read.times else None
    if topic and isinstance(finding.verdict, Unclear):  # "screenings 2023": a topic's very name, and a year
        facts = lead_first(call.library.current_facts(topic.key))
        return replace(finding, verdict=of_topic(read, facts, topic))
    return finding


def as_kept(question: str) -> str:
    """Return a question as it is counted when nothing answers it: nobody can be told from it."""
    return _PERSONAL.sub("…", question).strip()[:_LONGEST_KEPT]


def _with_why(call: Call, message: Message, finding: Finding) -> Message:
    """Return an answer with a way for editors to ask why. One that goes on from another question has none: no line says
    all that it was read as.
    """
    if not call.role.covers(Role.EDITOR) or finding.went_on_from is not None:
        return message
    why = Choices((Choice(call.wording.say("Why this?"), f"trace {finding.context.question}"),))
    return replace(message, document=replace(message.document, blocks=(*message.document.blocks, why)))


def _worded(call: Call, finding: Finding) -> Message:
    match finding.verdict:
        case Answered(fact):
            on_topic = call.library.current_facts(fact.topic.key) if fact.topic else [fact]
            return fact_answer(fact, on_topic, call.library.disputes([fact.id]), call.wording, with_rest=False)
        case Unclear(topics):
            return choice_of_topics(topics, call.wording)
        case NotHeld() as verdict:
            typed = finding.question.text
            near = verdict.near or (nearest_topics(call, typed) if len(typed.split()) <= _NAME_WORDS else ())
            return abstention(
                near,
                call.wording,
                other_times=verdict.other_times,
                holding=verdict.holding,
                asked=finding.question,
                beyond=verdict.beyond,
            )


def topics(call: Call) -> Message:
    """List the topics held, each with other names it goes by."""
    say, locale = call.wording.say, call.wording.locale
    entries = tuple(
        Entry(topic.label.show(locale), call.wording.join(_other_names(topic, locale)))
        for topic in call.vocabulary.topics.values()
    )
    if not entries:
        return call.message(Kind.HELP, Paragraph(say("The library holds no topics yet.")))
    line = call.typed(entries[0].term)
    note = say("Type a topic, like “{line}”, to see what is held on it.", line=line)
    return call.message(Kind.HELP, Heading(say("Topics")), Entries(entries), Footnote(note))


def unknown_topic(call: Call, name: str) -> Message:
    """Return an error that names the nearest topics."""
    near = nearest_topics(call, name)
    text = call.wording.say("I know no topic “{name}”.", name=name)
    options = offered_topics(near, call.wording.locale).options
    return call.error(text, *options, Choice(call.wording.say("All topics"), "topics"))


def nearest_topics(call: Call, name: str) -> list[Topic]:
    """Return up to three topics whose names look most like this one."""
    from difflib import get_close_matches  # noqa: PLC0415 (only for a name nobody knows)

    names = call.vocabulary.names
    keys = get_close_matches(name.casefold(), names, n=TOPICS_OFFERED, cutoff=0.7)
    return [call.vocabulary.topics[key] for key in dict.fromkeys(names[name] for name in keys)]


def _other_names(topic: Topic, locale: Locale) -> list[str]:
    label = topic.label.show(locale)
    others = [name for name in topic.aliases if name.casefold() != label.casefold()]
    return sorted(others, key=lambda name: contains_han(name) is not (locale is Locale.ZH_HANT))[:ALIASES_SHOWN]
