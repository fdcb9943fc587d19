"""The command that shows and teaches what words do in a question: the word lists, and the names of places."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from bot.answering.terms import contains_han
from bot.commands.call import Call, Do, Outcome
from bot.commands.teaching import (
    ADDING,
    REMOVING,
    edited,
    like,
    lines_of,
    nothing_to_do,
    phrase_problems,
    read_phrases,
    refusal,
    unlike,
)
from bot.domain.changes import Applied, EditWords
from bot.domain.text import Locale
from bot.domain.words import WordKind
from bot.messages.document import Block, Choice, Choices, Entries, Entry, Heading, Paragraph, Table
from bot.messages.exchange import Kind, Message
from bot.wording.wording import marked

WORDS = rf"|\S+(?<!\?)|(?:{ADDING}|{REMOVING}) .*(?:(?<!\?)|:.*)"
_EDIT = re.compile(rf"(?:(?P<add>{ADDING})|{REMOVING})(?: (?P<said>.*))?", re.IGNORECASE)
_DOES: Mapping[WordKind, str] = {
    WordKind.LIGHT: marked("weigh nothing: “please”, “carried out”"),
    WordKind.COUNT: marked("ask for a number: “how many”"),
    WordKind.SHARE: marked("ask for a percentage: “what share”"),
    WordKind.AMOUNT: marked("ask for any figure: “how much”"),
    WordKind.DATE: marked("ask when: “what date”"),
    WordKind.PERSON: marked("ask who: “whom”"),
    WordKind.REASON: marked("ask why: “how come”"),
    WordKind.TREND: marked("ask how something moved: “how did it change”"),
    WordKind.OPINION: marked("ask for a judgement that no source makes: “do you think”"),
    WordKind.PREDICTION: marked("ask for the future: “will”"),
    WordKind.HOW_TO: marked("ask for advice or for work: “how do I”, “write me”"),
    WordKind.ATTRIBUTE: marked("name what is asked for, so that no fact without it answers: “nationality”"),
    WordKind.SPEAKING: marked("say that somebody says something: “respond”, “claim”"),
    WordKind.OTHERS: marked("name people who speak too and have no name of their own here: “unions”, “experts”"),
    WordKind.DOCUMENT: marked("are what somebody puts out: “report”, “statement”"),
    WordKind.SAME: marked("mean the same, with “=” between them: “rise = increase = 上升”"),
    WordKind.FOLLOW_UP: marked("begin a question that goes on from the one before: “what about”"),
    WordKind.SMALL_TALK: marked("are no question at all: “good morning”"),
}
_BABEL = {Locale.EN: "en", Locale.ZH_HANT: "zh_Hant_HK"}
_CODE = len("CN")
_NO_PLACES = frozenset({"EZ", "QO", "XA", "XB", "ZZ"})  # regions and test codes of the locale data


def words(call: Call) -> Outcome:
    """Show the word lists or one of them, or change one."""
    edit = _EDIT.fullmatch(call.rest)
    if edit:
        return _edit(call, (edit["said"] or "").strip(), adds=edit["add"] is not None)
    if not call.rest:
        return _all_lists(call)
    key = list_key(call, call.rest)
    return _one_list(call, key) if key else _no_such_list(call, call.rest)


def list_key(call: Call, text: str) -> str | None:
    """Return the key of the list that a text means: a kind, a place's code in any case, or a place's name."""
    name = text.strip()
    if name.casefold() in set(WordKind):
        return name.casefold()
    if len(name) == _CODE and name.isascii():
        return name.upper() if name.upper() in _place_names(Locale.EN) else None
    named = call.vocabulary.gazetteer.named(name)
    return next(iter(named)) if len(named) == 1 else None


def _all_lists(call: Call) -> Message:
    say, number = call.wording.say, call.wording.number
    held = {each.key: each.words for each in call.library.word_lists()}
    rows = tuple((str(kind), _does(call, kind), number(len(held.get(kind, ())))) for kind in WordKind)
    places = call.wording.join(sorted(held.keys() - set(WordKind))) or say("none")
    about = say("A place’s list goes by two letters, such as CN; it holds more names of the place and its people.")
    blocks: list[Block] = [
        Heading(say("Word lists")),
        Table((say("List"), say("What its words do"), say("Words")), rows),
        Paragraph(about),
        Paragraph(say("Places with a list: {codes}", codes=places)),
        _edit_lines(call, "KIND"),
        Choices((Choice("words light", "words light"), Choice("words CN", "words CN"))),
    ]
    return call.message(Kind.HELP, *blocks)


def _one_list(call: Call, key: str) -> Message:
    say = call.wording.say
    held = _held(call, key)
    title = say("{list}: words that {do}", list=key, do=_does(call, key))
    blocks: list[Block] = [Heading(title)]
    blocks += _words_shown(call, key, held) or [Paragraph(say("This list is empty."))]
    blocks += [_edit_lines(call, key), Choices((Choice(say("All lists"), "words"),))]
    return call.message(Kind.HELP, *blocks)


def _words_shown(call: Call, key: str, held: Sequence[str]) -> Sequence[Block]:
    """Return the words of a list, by language; those that mean the same a line each."""
    if key == WordKind.SAME and held:
        return [Table((call.wording.say("Words that mean the same"),), tuple((group,) for group in held))]
    english = [word for word in held if not contains_han(word)]
    chinese = [word for word in held if contains_han(word)]
    return [Paragraph(call.wording.join(part)) for part in (english, chinese) if part]


def _does(call: Call, key: str) -> str:
    """Return what the words of a list do."""
    if key in set(WordKind):
        return call.wording.say(_DOES[WordKind(key)])
    return call.wording.say("name {place} and its people", place=_place_names(call.wording.locale).get(key, key))


def _edit_lines(call: Call, key: str) -> Entries:
    say = call.wording.say
    return Entries(
        (
            Entry(call.typed(f"words add {key}: PHRASE, PHRASE"), say("adds to the list")),
            Entry(call.typed(f"words remove {key}: PHRASE"), say("takes from the list")),
        )
    )


def _no_such_list(call: Call, name: str) -> Message:
    text = call.wording.say(
        "I know no word list “{name}”. Name one of {kinds}, or a place by its two letters, such as CN.",
        name=name,
        kinds=call.wording.join(WordKind),
    )
    return call.error(text, Choice(call.wording.say("All lists"), "words"))


def _edit(call: Call, said: str, *, adds: bool) -> Outcome:
    name, colon, text = said.partition(":")
    if not colon:
        name, _, text = said.partition(" ")
    key = list_key(call, name) if name else None
    if name and key is None:
        return _no_such_list(call, name.strip())
    phrases = read_phrases(text)
    if key is None or not phrases:
        usage = call.typed(f"words {'add' if adds else 'remove'} KIND: PHRASE, PHRASE")
        return call.error(call.wording.say("Write it like this: {usage}", usage=usage), _all_choice(call))
    return _add(call, key, phrases) if adds else _remove(call, key, phrases)


def _add(call: Call, key: str, phrases: tuple[str, ...]) -> Outcome:
    say = call.wording.say
    problems = _problems(call, key, phrases)
    if problems:
        return refusal(call, problems)
    held = _held(call, key)
    fresh = unlike(phrases, held)
    known = call.wording.join(like(phrases, held))
    notes = [say("There already: {phrases}.", phrases=known)] if known else []
    if not fresh:
        return nothing_to_do(call, notes, f"words {key}")
    notes += _elsewhere(call, key, fresh)

    def added(_: Applied) -> Message:
        done = say("Added to {list}: {phrases}.", list=key, phrases=call.wording.join(fresh))
        return edited(call, done, notes, lines_of(f"words remove {key}:", fresh), f"words {key}")

    return Do(EditWords(key, add=fresh), added)


def _remove(call: Call, key: str, phrases: tuple[str, ...]) -> Outcome:
    say = call.wording.say
    held = _held(call, key)
    gone, missing = like(held, phrases), unlike(phrases, held)
    problems = phrase_problems(missing, call.wording)
    if problems:
        return refusal(call, problems)
    notes = [say("Not there: {phrases}.", phrases=call.wording.join(missing))] if missing else []
    notes += _groups_with(call, key, missing)
    if not gone:
        return nothing_to_do(call, notes, f"words {key}")
    if len(gone) == len(held):
        notes.append(say("The list is empty now."))

    def removed(_: Applied) -> Message:
        done = say("Taken from {list}: {phrases}.", list=key, phrases=call.wording.join(gone))
        return edited(call, done, notes, lines_of(f"words add {key}:", gone), f"words {key}")

    return Do(EditWords(key, remove=gone), removed)


def _problems(call: Call, key: str, phrases: tuple[str, ...]) -> list[str]:
    """Return what is wrong with phrases that are to be added; of words that mean the same, each is a phrase."""
    if key != WordKind.SAME:
        return phrase_problems(phrases, call.wording)
    groups = [[part.strip() for part in phrase.split("=") if part.strip()] for phrase in phrases]
    problems = phrase_problems([part for group in groups for part in group], call.wording)
    alone = [" ".join(group) for group in groups if len(group) == 1]
    return problems + [
        call.wording.say("“{phrase}” alone means the same as nothing: write “{phrase} = another word”.", phrase=phrase)
        for phrase in alone
    ]


def _groups_with(call: Call, key: str, missing: tuple[str, ...]) -> list[str]:
    """Return where single words that are to go stand among others that mean the same."""
    groups = _held(call, key) if key == WordKind.SAME else ()
    say = call.wording.say
    return [
        say("“{phrase}” stands in “{group}”: take that away whole, then add it without.", phrase=phrase, group=group)
        for phrase in missing
        for group in groups
        if like(group.split("="), [phrase])
    ]


def _elsewhere(call: Call, key: str, fresh: tuple[str, ...]) -> list[str]:
    """Return a note for each other list, and each topic, that has one of these phrases too."""
    say, join, locale = call.wording.say, call.wording.join, call.wording.locale
    others = [(each.key, like(fresh, each.words)) for each in call.library.word_lists() if each.key != key]
    notes = [
        say("Also in the list {list}: {phrases}.", list=other, phrases=join(phrases))
        for other, phrases in others
        if phrases
    ]
    named = [(phrase, call.vocabulary.topic_named(phrase)) for phrase in fresh]
    return notes + [
        say("“{name}” already names the topic {topic}.", name=phrase, topic=topic.label.show(locale))
        for phrase, topic in named
        if topic
    ]


def _held(call: Call, key: str) -> tuple[str, ...]:
    return next((each.words for each in call.library.word_lists() if each.key == key), ())


def _all_choice(call: Call) -> Choice:
    return Choice(call.wording.say("All lists"), "words")


@cache
def _place_names(locale: Locale) -> Mapping[str, str]:
    """Return the names of countries and territories by their codes."""
    from babel import Locale as Babel  # noqa: PLC0415 (locale data is loaded when a list is named)

    named = Babel.parse(_BABEL[locale]).territories.items()
    return {code: name for code, name in named if len(code) == _CODE and code.isalpha() and code not in _NO_PLACES}
