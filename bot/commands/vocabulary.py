"""Commands that show and teach what topics are called: their aliases and everyday words."""

import re

from bot.commands.call import Call, Do, Outcome
from bot.commands.grammar import normalise, raw_rest
from bot.commands.looking_up import ANY_ID
from bot.commands.people import not_allowed
from bot.commands.reading import unknown_topic
from bot.commands.teaching import (
    ADDING,
    REMOVING,
    ask_line,
    edited,
    is_command,
    like,
    lines_of,
    nothing_to_do,
    phrase_problem,
    phrase_problems,
    read_phrases,
    refusal,
    unlike,
)
from bot.desk.keys import topic_key
from bot.desk.plain import bare_text, tidy
from bot.domain.changes import AddTopic, Applied, EditTopic, TopicPart
from bot.domain.facts import Topic
from bot.domain.people import Role
from bot.domain.text import LocalText
from bot.domain.words import WordKind
from bot.messages.document import Block, Choice, Choices, Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Kind, Message
from bot.ports import FACTS_OF_A_TOPIC

_PART = r"alias(?:es)?|words?|別名|字詞"
_VERB = rf"{ADDING}|{REMOVING}"
_WORDS = re.compile(r"words?|字詞", re.IGNORECASE)
_ADDS = re.compile(ADDING, re.IGNORECASE)
_IN_ORDER = rf"(?P<part>{_PART}) (?P<verb>{_VERB})"
_SWAPPED = rf"(?P<verb_first>{_VERB}) (?P<part_last>{_PART})(?= .*:)"  # without a colon it would be a label
_EDIT = re.compile(rf"(?:{_IN_ORDER}|{_SWAPPED})(?: (?P<said>.*))?", re.IGNORECASE)
_NEW = re.compile(rf"(?:{ADDING})(?: .*)?", re.IGNORECASE)
# Words with which a sentence goes on after "topic", and no topic's name begins: "topic of the report".
_GOES_ON = (
    r"(?:about|and|are|at|by|can|covered|did|discussed|do|does|for|from|had|has|have|he|how|in|is|it|mentioned|of|on|or|"
    r"raised|she|that|they|to|under|used|was|were|what|when|where|which|who|why|will|with)(?: |$)|[是係有嘅的]"
)
_NAME = rf"(?!{_GOES_ON})\S+(?: \S+){{0,14}}(?<!\?)"
TOPIC = (
    rf"{_NAME}|(?:(?:{_PART}) (?:{_VERB})|(?:{_VERB}) (?:{_PART})) .*:.*"
    rf"|(?:(?:{_PART}) (?:{_VERB})|{ADDING})(?: .*)?(?<!\?)"
)


def topic(call: Call) -> Outcome:
    """Show what a topic is called; or, for an editor, add a topic or change its words."""
    edit = _EDIT.fullmatch(call.rest)
    if not edit and not _NEW.fullmatch(call.rest):
        return _named(call)
    if not call.role.covers(Role.EDITOR):
        return not_allowed(call, f"topic {call.rest.partition(' ')[0]}", Role.EDITOR)
    return _edit(call, edit) if edit else _new(call)


def _named(call: Call) -> Message:
    held = call.vocabulary.topic_named(call.rest)
    if held:
        return _shown(call, held)
    if re.fullmatch(_PART, call.rest, re.IGNORECASE):
        return _usage(call, TopicPart.WORDS if _WORDS.fullmatch(call.rest) else TopicPart.ALIASES, "add")
    return unknown_topic(call, call.rest)


def _shown(call: Call, held: Topic) -> Message:
    say, join = call.wording.say, call.wording.join
    name = _line_name(call, held)
    rows = (
        (say("English label"), held.label.en or say("none held")),
        (say("Chinese label"), held.label.zh_hant or say("none held")),
        (say("Key"), held.key),
        (say("Aliases"), join(held.aliases) or say("none")),
        (say("Everyday words"), join(held.words) or say("none")),
        (say("Facts"), _count_text(call, held)),
    )
    steps = (Choice(say("Show its facts"), ask_line(name)), Choice(say("History"), f"history {name}"))
    blocks: list[Block] = [
        Heading(held.label.show(call.wording.locale)),
        Entries(tuple(Entry(term, text) for term, text in rows)),
        Choices(steps),
    ]
    if call.role.covers(Role.EDITOR):
        rest = Footnote(say("Write “remove” for “add” to take a name or word away."))
        blocks += [Heading(say("Teach it more")), _edit_lines(call, name), rest]
    return call.message(Kind.HELP, *blocks)


def _count_text(call: Call, held: Topic) -> str:
    count = len(call.library.current_facts(held.key))
    if count < FACTS_OF_A_TOPIC:
        return call.wording.number(count)
    return call.wording.say("{count} or more", count=call.wording.number(count))


def _edit_lines(call: Call, name: str) -> Entries:
    say = call.wording.say
    return Entries(
        (
            Entry(call.typed(f"topic alias add {name}: PHRASE, PHRASE"), say("other names of the very topic")),
            Entry(
                call.typed(f"topic words add {name}: PHRASE, PHRASE"),
                say("words that people use in questions about it"),
            ),
        )
    )


def _new(call: Call) -> Outcome:
    """Add a topic by its label in one or both languages."""
    typed = [tidy(part) for part in re.split(r"[|｜]", raw_rest(call.request.text, words=2))]
    labels = [part for part in typed if part]
    label = _label(labels)
    if label is None:
        return call.error(_label_usage(call, labels), Choice(call.wording.say("Help"), "help topic"))
    names = tuple(each for each in (label.en, label.zh_hant) if each)
    key = topic_key(label)
    problems = _label_problems(call, names) or _taken(call, names) or _taken(call, (key,))
    if problems:
        return refusal(call, problems, *_shown_by(call, (*names, key)))
    return Do(AddTopic(key, label), lambda _: _added(call, label, names))


def _label(labels: list[str]) -> LocalText | None:
    """Return the label in the languages of its scripts; None for none, too many, or two in one language."""
    texts = [bare_text(part) for part in labels]
    english, chinese = [each.en for each in texts if each.en], [each.zh_hant for each in texts if each.zh_hant]
    if not texts or len(english) > 1 or len(chinese) > 1:
        return None
    return LocalText(next(iter(english), None), next(iter(chinese), None))


def _label_usage(call: Call, labels: list[str]) -> str:
    if labels:
        return call.wording.say("Give one label in English, one in Chinese, or one of each parted by “|”.")
    return call.wording.say("Write it like this: {usage}", usage=call.typed("topic add LABEL | 中文標籤"))


def _label_problems(call: Call, names: tuple[str, ...]) -> list[str]:
    say = call.wording.say
    problems = [problem for name in names if (problem := phrase_problem(name, call.wording))]
    return problems + [
        say("“{label}” has a comma or colon in it, which part phrases in a line: leave it out.", label=name)
        for name in names
        if re.search(r"[,;:]", normalise(name))
    ]


def _taken(call: Call, names: tuple[str, ...], but: Topic | None = None) -> list[str]:
    """Return why these cannot name a topic: they name another one already, or are read as an id."""
    say, locale = call.wording.say, call.wording.locale
    problems = []
    for name in names:
        held = call.vocabulary.topic_named(name)
        if held and (but is None or held.key != but.key):
            label = held.label.show(locale)
            problems.append(say("“{name}” already names the topic {topic}.", name=name, topic=label))
        elif re.fullmatch(ANY_ID, name, re.IGNORECASE):
            problems.append(say("“{name}” is read as the id of a fact or statement.", name=name))
    return problems


def _shown_by(call: Call, names: tuple[str, ...]) -> list[Choice]:
    """Return choices that show the topics which these names mean already."""
    held = (call.vocabulary.topic_named(name) for name in names)
    lines = dict.fromkeys(f"topic {_line_name(call, each)}" for each in held if each)
    return [Choice(call.wording.say("Show it"), line) for line in lines]


def _added(call: Call, label: LocalText, names: tuple[str, ...]) -> Message:
    say, shown = call.wording.say, label.show(call.wording.locale)
    name = shown if _is_plain(shown) else topic_key(label)
    done = say("The topic {topic} is added. Teach it names and words, then add statements on it.", topic=shown)
    notes = (
        *_naming_notes(call, names),
        say("A topic that is added stays. Nothing is announced: channels hear of facts, not of words."),
    )
    blocks: list[Block] = [Paragraph(done), _edit_lines(call, name), *(Footnote(note) for note in notes)]
    steps = (Choice(say("Show it"), f"topic {name}"), Choice(say("Add a statement"), "add"))
    return call.message(Kind.DONE, *blocks, Choices(steps))


def _edit(call: Call, edit: re.Match[str]) -> Outcome:
    part = TopicPart.WORDS if _WORDS.fullmatch(edit["part"] or edit["part_last"]) else TopicPart.ALIASES
    adds = _ADDS.fullmatch(edit["verb"] or edit["verb_first"]) is not None
    said = (edit["said"] or "").strip()
    held, text = _topic_and_rest(call, said)
    phrases = read_phrases(text)
    name = said.partition(":")[0].strip()
    if name and held is None:
        return unknown_topic(call, name)
    if held is None or not phrases:
        return _usage(call, part, "add" if adds else "remove")
    return _add_phrases(call, held, part, phrases) if adds else _remove_phrases(call, held, part, phrases)


def _topic_and_rest(call: Call, said: str) -> tuple[Topic | None, str]:
    """Return the topic that a line begins with, and what follows: after a colon, else after the longest name."""
    named = call.vocabulary.topic_named
    if ":" in said:
        ends = [at for at, sign in enumerate(said) if sign == ":"]
        return next(((held, said[at + 1 :]) for at in ends if (held := named(said[:at]))), (None, ""))
    words = said.split(" ")
    begins = ((named(" ".join(words[:size])), " ".join(words[size:])) for size in range(len(words), 0, -1))
    found = [(held, rest) for held, rest in begins if held]
    return next(((held, rest) for held, rest in found if rest), found[0] if found else (None, ""))


def _add_phrases(call: Call, held: Topic, part: TopicPart, phrases: tuple[str, ...]) -> Outcome:
    is_name = part is TopicPart.ALIASES
    problems = phrase_problems(phrases, call.wording) or (_taken(call, phrases, but=held) if is_name else [])
    if problems:
        return refusal(call, problems)
    named = call.vocabulary.topic_named
    fresh = tuple(each for each in phrases if named(each) is None) if is_name else unlike(phrases, held.words)
    known = call.wording.join(phrase for phrase in phrases if phrase not in fresh)
    notes = [call.wording.say("There already: {phrases}.", phrases=known)] if known else []
    if not fresh:
        return nothing_to_do(call, notes, f"topic {_line_name(call, held)}")
    notes += _naming_notes(call, fresh) if is_name else _light_notes(call, fresh)
    return Do(EditTopic(held.key, part, add=fresh), lambda _: _phrases_added(call, held, part, fresh, notes))


def _phrases_added(call: Call, held: Topic, part: TopicPart, fresh: tuple[str, ...], notes: list[str]) -> Message:
    say, phrases, label = call.wording.say, call.wording.join(fresh), held.label.show(call.wording.locale)
    done = (
        say("Added to the aliases of {topic}: {phrases}.", topic=label, phrases=phrases)
        if part is TopicPart.ALIASES
        else say("Added to the everyday words of {topic}: {phrases}.", topic=label, phrases=phrases)
    )
    name = _line_name(call, held)
    return edited(call, done, notes, lines_of(f"topic {_part_name(part)} remove {name}:", fresh), f"topic {name}")


def _remove_phrases(call: Call, held: Topic, part: TopicPart, phrases: tuple[str, ...]) -> Outcome:
    of_part = held.aliases if part is TopicPart.ALIASES else held.words
    gone = like(of_part, phrases)
    missing = unlike(phrases, of_part)
    problems = phrase_problems(missing, call.wording)
    if problems:
        return refusal(call, problems)
    notes = [call.wording.say("Not there: {phrases}.", phrases=call.wording.join(missing))] if missing else []
    if not gone:
        return nothing_to_do(call, notes, f"topic {_line_name(call, held)}")

    def removed(_: Applied) -> Message:
        say, label, texts = call.wording.say, held.label.show(call.wording.locale), call.wording.join(gone)
        done = (
            say("Taken from the aliases of {topic}: {phrases}.", topic=label, phrases=texts)
            if part is TopicPart.ALIASES
            else say("Taken from the everyday words of {topic}: {phrases}.", topic=label, phrases=texts)
        )
        name = _line_name(call, held)
        return edited(call, done, notes, lines_of(f"topic {_part_name(part)} add {name}:", gone), f"topic {name}")

    return Do(EditTopic(held.key, part, remove=gone), removed)


def _light_notes(call: Call, fresh: tuple[str, ...]) -> list[str]:
    """Return a warning for words that are taken out of every question before it is compared with topics."""
    lists = {each.key: each.words for each in call.library.word_lists()}
    light = like(fresh, lists.get(WordKind.LIGHT, ()))
    if not light:
        return []
    words = call.wording.join(light)
    return [call.wording.say("These weigh nothing in a question, as the list “light” has them: {words}.", words=words)]


def _line_name(call: Call, held: Topic) -> str:
    """Return a name of the topic to be used in a line: its label, or its key where the label means something else."""
    label = held.label.show(call.wording.locale)
    named = call.vocabulary.topic_named(label)
    return label if named and named.key == held.key and _is_plain(label) else held.key


def _is_plain(label: str) -> bool:
    """Whether a label after “topic” is read as a topic’s name and as nothing else."""
    typed = normalise(label)
    changes = ":" in typed or _NEW.fullmatch(typed) or _EDIT.fullmatch(typed)
    return not changes and re.fullmatch(_NAME, typed, re.IGNORECASE) is not None


def _naming_notes(call: Call, names: tuple[str, ...]) -> list[str]:
    """Return a warning for each name that is also a command's."""
    say = call.wording.say
    return [
        say("“{name}” alone is a command; “find {name}” reaches the topic.", name=name)
        for name in names
        if is_command(name)
    ]


def _part_name(part: TopicPart) -> str:
    return "alias" if part is TopicPart.ALIASES else "words"


def _usage(call: Call, part: TopicPart, verb: str) -> Message:
    usage = call.typed(f"topic {_part_name(part)} {verb} TOPIC: PHRASE, PHRASE")
    return call.error(
        call.wording.say("Write it like this: {usage}", usage=usage), Choice(call.wording.say("More"), "help topic")
    )
