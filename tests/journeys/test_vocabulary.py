"""Editors teach words: new topics, their aliases and everyday words, and the lists of what words do."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from library import MONDAY, Desk, Recorder

from bot.commands.grammar import MAX_LINE, parse
from bot.commands.table import COMMANDS
from bot.commands.teaching import lines_of, phrase_key, read_phrases
from bot.desk.keys import topic_key
from bot.domain.changes import Applied, Change, Once
from bot.domain.facts import Topic
from bot.domain.people import Actor, Platform
from bot.domain.text import Locale, LocalText
from bot.domain.words import WordKind
from bot.messages.exchange import Kind, Message
from bot.messages.plain import plain_text

READER = Actor(Platform.SLACK, "T1", "U1", "Reader")
DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "vocabulary.md"
TAUGHT = ("topic", "words", "unanswered")


def topic(desk: Desk, key: str) -> Topic:
    with desk.store.read() as library:
        return next(topic for topic in library.topics() if topic.key == key)


def word_list(desk: Desk, key: str) -> tuple[str, ...]:
    with desk.store.read() as library:
        return next((each.words for each in library.word_lists() if each.key == key), ())


def revision(desk: Desk) -> int:
    with desk.store.read() as library:
        return library.revision()


def undo(desk: Desk, reply: Message) -> list[Message]:
    return [desk.say(choice.query) for choice in reply.document.choices if choice.label in ("Undo", "還原")]


def meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something else between the next decision and its change."""
    apply = desk.store.apply

    def interrupted(change: Change, *, by: str, at: datetime, once: Once | None = None) -> Applied:
        monkeypatch.setattr(desk.store, "apply", apply)
        act()
        return apply(change, by=by, at=at, once=once)

    monkeypatch.setattr(desk.store, "apply", interrupted)


@pytest.mark.parametrize(
    "example",
    [example for each in COMMANDS if each.name in TAUGHT for example in each.examples if "all" not in example],
)
def test_every_example_does_what_it_shows(desk: Desk, example: str) -> None:
    assert desk.say(example).kind in (Kind.HELP, Kind.DONE)


@pytest.mark.parametrize(
    "typed",
    [
        "topic of the report?",
        "topic of the report",
        "topic in the news?",
        "topic report?",
        "topic add more officers?",
        "topic words add up?",
        "topic that the spokesman raised with the department",
        "題目 是什麼",
        "words the government used",
        "words used?",
        "words of the spokesman",
        "words add up?",
        "unanswered questions",
        "unanswered questions about the tier?",
        "unanswered?",
        "unanswered letters to the department",
    ],
)
def test_a_question_that_begins_like_these_commands_stays_a_question(typed: str) -> None:
    line = parse(typed, COMMANDS)
    assert line.command is None or typed == "unanswered?"


def test_topics_is_a_command_of_its_own() -> None:
    command = parse("topics", COMMANDS).command
    assert command is not None
    assert command.name == "topics"


def test_a_topic_shows_what_it_is_called(desk: Desk) -> None:
    reply = desk.say("topic screenings")
    text = plain_text(reply.document)
    for part in ("Initial screenings", "初步識別審核", "Key: screenings", "甄別", "vetted", "Facts: "):
        assert part in text, part
    assert [choice.query for choice in reply.document.choices] == ["Initial screenings", "history Initial screenings"]
    assert "topic alias add Initial screenings: " in text


def test_a_reader_sees_a_topic_and_no_lines_to_change_it(desk: Desk) -> None:
    desk.actor = READER
    assert desk.say("topic tier").kind is Kind.HELP
    assert "topic alias add" not in desk.text("topic tier")


@pytest.mark.parametrize(
    "line",
    [
        "topic add Housing",
        "topic alias add tier: grade",
        "topic words remove tier: rated",
        "words",
        "words light",
        "words add light: er",
        "unanswered",
    ],
)
def test_a_reader_may_not_teach(desk: Desk, line: str) -> None:
    before, desk.actor = revision(desk), READER
    reply = desk.say(line)
    assert reply.kind is Kind.ERROR
    assert "needs the role editor" in plain_text(reply.document)
    assert revision(desk) == before


def test_an_unknown_topic_is_told_with_the_nearest(desk: Desk) -> None:
    reply = desk.say("topic screenngs")
    assert reply.kind is Kind.ERROR
    assert "I know no topic “screenngs”" in plain_text(reply.document)
    assert reply.document.choices[0].query == "Initial screenings"


@pytest.mark.parametrize(
    ("line", "key", "label"),
    [
        ("topic add Border checks", "border-checks", LocalText("Border checks")),
        ("topic add Border checks | 邊境檢查", "border-checks", LocalText("Border checks", "邊境檢查")),
        ("topic add 邊境檢查｜Border checks", "border-checks", LocalText("Border checks", "邊境檢查")),
        ("topic add Café owners’ duties", "cafe-owners-duties", LocalText("Café owners’ duties")),
        ("題目 新增 邊境檢查", topic_key(LocalText(zh_hant="邊境檢查")), LocalText(zh_hant="邊境檢查")),
        ("/tipfacts  topic  ADD   Border  checks ", "border-checks", LocalText("Border checks")),
    ],
)
def test_a_topic_is_added_by_its_label(desk: Desk, line: str, key: str, label: LocalText) -> None:
    assert desk.say(line).kind is Kind.DONE
    assert (topic(desk, key).label, topic(desk, key).aliases, topic(desk, key).words) == (label, (), ())
    for name in (label.en, label.zh_hant):
        assert not name or desk.say(f"topic {name}").kind is Kind.HELP


def test_a_label_that_names_a_topic_already_is_refused_with_the_topic(desk: Desk) -> None:
    before = revision(desk)
    for line in ("topic add Screening", "topic add New things | 甄別", "topic add SCREENINGS"):
        reply = desk.say(line)
        assert reply.kind is Kind.ERROR
        assert any(said in plain_text(reply.document) for said in ("already names the topic", "已是主題"))
        assert next(choice.query for choice in reply.document.choices) in (
            "topic Initial screenings",
            "topic 初步識別審核",
        )
    assert revision(desk) == before


def test_labels_that_would_get_the_same_key_are_one_topic(desk: Desk) -> None:
    desk.say("topic add Cafe")
    assert "already names the topic Cafe" in desk.text("topic add Café")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topic add", "Write it like this"),
        ("topic add |", "Write it like this"),
        ("topic add One | Two", "one in Chinese"),
        ("topic add One | 二 | Three", "one in Chinese"),
        ("topic add Housing, rent", "comma or colon"),
        ("topic add 住屋、租金", "comma or colon"),
        ("topic add Housing: rent", "comma or colon"),
        ("topic add 🙂", "no letter and no number"),
        ("topic add F12", "the id of a fact"),
        ("topic add " + "x" * 101, "101 characters; at most 100"),
        ("topic alias", "topic alias add TOPIC: PHRASE"),
        ("topic words", "topic words add TOPIC: PHRASE"),
        ("topic alias add", "topic alias add TOPIC: PHRASE"),
        ("topic words remove", "topic words remove TOPIC: PHRASE"),
        ("topic alias add screenings", "topic alias add TOPIC: PHRASE"),
        ("topic alias add screenings: ,、 ;", "topic alias add TOPIC: PHRASE"),
        ("topic alias add : rain", "topic alias add TOPIC: PHRASE"),
        ("topic alias add weather: rain", "I know no topic “weather”"),
        ("topic alias add weather rain", "I know no topic “weather rain”"),
        ("topic alias add screenings: one, tier", "“tier” already names the topic Tier placement"),
        ("topic alias add screenings: S3", "the id of a fact"),
        ("topic alias add screenings: …, ok", "no letter and no number"),
        ("topic alias add screenings: " + "x" * 101, "101 characters; at most 100"),
        ("topic words add screenings: " + ",".join(f"w{n}" for n in range(51)), "51 phrases are too many"),
        ("topic words remove screenings: " + "x" * 101, "101 characters; at most 100"),
        ("words nonsense", "I know no word list “nonsense”"),
        ("words ZZ", "I know no word list “ZZ”"),
        ("words add lights: so", "I know no word list “lights”"),
        ("words add", "words add KIND: PHRASE"),
        ("words add light", "words add KIND: PHRASE"),
        ("words remove light:", "words remove KIND: PHRASE"),
        ("words add light: 🙂", "no letter and no number"),
        ("words add light: " + "x" * 101, "101 characters; at most 100"),
        ("words add light: " + ",".join(f"w{n}" for n in range(51)), "51 phrases are too many"),
    ],
)
def test_what_cannot_be_taught_is_refused_and_nothing_changes(desk: Desk, line: str, said: str) -> None:
    before = revision(desk)
    desk.locale = Locale.EN
    reply = desk.say(line)
    assert reply.kind is Kind.ERROR
    assert said in plain_text(reply.document)
    assert revision(desk) == before


@pytest.mark.parametrize(
    "line",
    [
        "topic alias add screenings: border vetting, 邊境甄別",
        "topic aliases add screenings：border vetting、邊境甄別",
        "topic add alias Initial screenings: border vetting，邊境甄別",
        "topic alias add initial screenings border vetting, 邊境甄別",
        "題目 別名 新增 甄別：border vetting；“邊境甄別”",
        "ＴＯＰＩＣ alias ADD screenings: ｂｏｒｄｅｒ vetting, BORDER vetting, 「邊境甄別」",
    ],
)
def test_an_alias_names_the_topic_at_once(desk: Desk, line: str) -> None:
    assert desk.say("border vetting").kind is not Kind.ANSWER
    assert desk.say(line).kind is Kind.DONE
    assert topic(desk, "screenings").aliases[-2:] == ("border vetting", "邊境甄別")
    for name in ("border vetting", "邊境甄別"):
        assert desk.say(name).document.facts[0].topic == topic(desk, "screenings")


def test_the_longest_name_of_a_topic_is_taken_where_no_colon_parts_it(desk: Desk) -> None:
    desk.say("topic words add Tier 2 second worst")
    assert "second worst" in topic(desk, "tier").words


@pytest.mark.parametrize("verb", ["remove", "drop", "delete", "移除", "刪除"])
def test_an_alias_can_be_taken_away(desk: Desk, verb: str) -> None:
    assert desk.say(f"topic alias {verb} screenings: 甄別, SCREENING").kind is Kind.DONE
    assert not {"甄別", "screening"} & set(topic(desk, "screenings").aliases)
    assert desk.say("甄別").kind is not Kind.ANSWER or "甄別" in desk.text("甄別")


@pytest.mark.parametrize("part", ["word", "words", "字詞"])
def test_everyday_words_are_added_and_taken_away(desk: Desk, part: str) -> None:
    desk.locale = Locale.EN
    reply = desk.say(f"topic {part} add screenings: looked into, vetted")
    text = plain_text(reply.document)
    assert "Added to the everyday words of Initial screenings: looked into." in text
    assert "There already: vetted." in text
    assert topic(desk, "screenings").words[-1] == "looked into"
    assert desk.say(f"topic {part} drop screenings: LOOKED INTO").kind is Kind.DONE
    assert "looked into" not in topic(desk, "screenings").words


def test_the_reply_has_the_line_that_undoes_it(desk: Desk) -> None:
    before, desk.locale = topic(desk, "screenings"), Locale.EN
    reply = desk.say("topic alias add screenings: border vetting, screenings, 邊境甄別")
    assert "Undo: topic alias remove Initial screenings: border vetting, 邊境甄別" in plain_text(reply.document)
    assert [each.kind for each in undo(desk, reply)] == [Kind.DONE]
    assert topic(desk, "screenings") == before
    removed = desk.say("topic words remove screenings: 篩")
    assert [each.kind for each in undo(desk, removed)] == [Kind.DONE]
    assert set(topic(desk, "screenings").words) == set(before.words)


def test_what_was_there_already_or_never_changes_nothing(desk: Desk) -> None:
    before = revision(desk)
    for line, said in (
        ("topic alias add screenings: Screenings", "There already: Screenings."),
        ("topic words add screenings: VETTED", "There already: VETTED."),
        ("topic alias remove screenings: rain", "Not there: rain."),
        ("words add light: Please", "There already: Please."),
        ("words remove light: rain", "Not there: rain."),
    ):
        reply = desk.say(line)
        assert reply.kind is Kind.DONE
        assert said in plain_text(reply.document)
        assert "Nothing was changed." in plain_text(reply.document)
    assert revision(desk) == before


def test_an_alias_that_is_a_command_is_warned_of_and_found_with_find(desk: Desk) -> None:
    text = desk.text("topic alias add screenings: roles")
    assert "“roles” alone is a command; “find roles” reaches the topic." in text
    assert desk.say("find roles").kind is Kind.ANSWER
    assert desk.say("roles").kind is Kind.HELP


def test_a_topic_named_like_a_command_is_shown_by_a_line_that_reaches_it(desk: Desk) -> None:
    assert "“find Status” reaches the topic" in desk.text("topic add Status")
    assert desk.say("topic Status").document.choices[0].query == "find Status"


@pytest.mark.parametrize(("label", "key"), [("On remand", "on-remand"), ("Add ons", "add-ons")])
def test_a_topic_whose_label_means_more_in_a_line_is_reached_by_its_key(desk: Desk, label: str, key: str) -> None:
    reply = desk.say(f"topic add {label}")
    assert reply.document.choices[0].query == f"topic {key}"
    assert f"topic alias add {key}: " in desk.text(f"topic {key}")


def test_everyday_words_that_weigh_nothing_are_warned_of(desk: Desk) -> None:
    text = desk.text("topic words add screenings: please, looked into")
    assert "These weigh nothing in a question, as the list “light” has them: please." in text


def test_a_taught_word_answers_a_question(desk: Desk) -> None:
    desk.say("topic add Ferry checks | 渡輪檢查")
    desk.say("topic alias add Ferry checks: boat checks")
    assert desk.say("boat checks").kind is Kind.ABSTENTION
    assert "Ferry checks" in desk.text("boat checks")


async def test_channels_hear_nothing_of_words(desk: Desk) -> None:
    channel = Recorder()
    desk.say("subscribe")
    assert "Nothing is announced" in desk.text("topic add Border checks")
    assert "Nothing is announced" in desk.text("topic alias add Border checks: frontier checks")
    assert "Nothing is announced" in desk.text("words add light: er")
    await desk.tick(channel, MONDAY + timedelta(days=1))
    assert channel.posted == []


def test_the_log_tells_who_taught_what(desk: Desk) -> None:
    desk.say("topic alias add screenings: border vetting")
    desk.say("words add light: er")
    log = desk.text("log")
    assert "screenings" in log
    assert "light" in log


def test_two_editors_words_at_one_moment_both_stay(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(desk, monkeypatch, lambda: desk.say("topic alias add screenings: his alias"))
    assert desk.say("topic alias add screenings: her alias").kind is Kind.DONE
    assert {"his alias", "her alias"} <= set(topic(desk, "screenings").aliases)
    meanwhile(desk, monkeypatch, lambda: desk.say("words remove light: please"))
    assert desk.say("words add light: by any chance").kind is Kind.DONE
    assert "by any chance" in word_list(desk, "light")
    assert "please" not in word_list(desk, "light")


def test_editors_in_many_threads_lose_nothing(desk: Desk) -> None:
    lines = [f"topic words add screenings: word{n}" for n in range(8)] + [f"words add CN: place{n}" for n in range(8)]
    with ThreadPoolExecutor(4) as editors:
        assert {reply.kind for reply in editors.map(desk.say, lines)} == {Kind.DONE}
    assert {f"word{n}" for n in range(8)} <= set(topic(desk, "screenings").words)
    assert {f"place{n}" for n in range(8)} <= set(word_list(desk, "CN"))


def test_a_topic_added_by_two_at_one_moment_is_added_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(desk, monkeypatch, lambda: desk.say("topic add Border checks"))
    second = desk.say("topic add Border checks")
    assert second.kind is Kind.ERROR
    assert "already names the topic Border checks" in plain_text(second.document)


def test_one_press_counts_once_and_gets_the_same_reply(desk: Desk) -> None:
    words_before = len(word_list(desk, "light"))
    undoing = desk.say("words add light: er")
    assert len(word_list(desk, "light")) == words_before + 1
    assert [each.kind for each in undo(desk, undoing)] == [Kind.DONE]
    assert len(word_list(desk, "light")) == words_before


def test_the_lists_are_shown_with_what_each_does(desk: Desk) -> None:
    text = desk.text("words")
    for kind in WordKind:
        assert f"\n{kind} | " in text, kind
    assert f"light | weigh nothing: “please”, “carried out” | {len(word_list(desk, 'light')):,}" in text


def test_a_list_shows_its_words(desk: Desk) -> None:
    text = desk.text("words LIGHT")
    assert "please" in text
    assert "其中" in text
    assert "words add light: " in text


@pytest.mark.parametrize("name", ["AQ", "aq", "Antarctica", "南極洲"])
def test_a_place_has_a_list_by_its_code_or_name(desk: Desk, name: str) -> None:
    desk.locale = Locale.EN
    assert "name Antarctica and its people" in desk.text(f"words {name}")
    assert "This list is empty." in desk.text(f"words {name}")
    assert desk.say(f"words add {name}: McMurdo").kind is Kind.DONE
    assert word_list(desk, "AQ") == ("McMurdo",)
    assert "AM, AO, AQ, AR" in desk.text("words")


def test_a_place_taught_is_told_from_ours(desk: Desk) -> None:
    desk.say("words add AQ: McMurdo")
    assert desk.say("how many victims did McMurdo identify in 2023?").kind is Kind.ABSTENTION


def test_a_light_word_weighs_nothing_at_once(desk: Desk) -> None:
    desk.say("words add light: blimey")
    assert desk.say("blimey how many victims were found?").kind is Kind.ANSWER


def test_words_in_another_list_or_naming_a_topic_are_told_and_taken(desk: Desk) -> None:
    desk.say("words add opinion: wager")
    text = desk.text("words add light: wager, tier")
    assert "Also in the list opinion: wager." in text
    assert "“tier” already names the topic Tier placement." in text
    assert word_list(desk, "light")[-2:] == ("wager", "tier")


def test_the_last_words_of_a_list_may_go(desk: Desk) -> None:
    desk.say("words add AQ: McMurdo")
    reply = desk.say("words remove AQ: mcmurdo")
    assert "The list is empty now." in plain_text(reply.document)
    assert word_list(desk, "AQ") == ()
    assert undo(desk, reply)[0].kind is Kind.DONE
    assert word_list(desk, "AQ") == ("McMurdo",)


def test_words_that_mean_the_same_are_taught_together(desk: Desk) -> None:
    desk.locale = Locale.EN
    assert "alone means the same as nothing" in desk.text("words add same: tram")
    assert "alone means the same as nothing" in desk.text("words add same: tram =")
    assert "no letter and no number" in desk.text("words add same: tram = 🙂")
    reply = desk.say("words add same: tram ＝ streetcar = 電車")
    assert word_list(desk, "same")[-1] == "tram = streetcar = 電車"
    assert "\ntram = streetcar = 電車\n" in desk.text("words same")
    assert "“streetcar” stands in “tram = streetcar = 電車”" in desk.text("words remove same: streetcar")
    assert undo(desk, reply)[0].kind is Kind.DONE
    assert "tram = streetcar = 電車" not in word_list(desk, "same")


def test_every_list_that_ships_can_be_taken_away_and_put_back(desk: Desk) -> None:
    for key in ("same", "light", "CN"):
        word = max(word_list(desk, key), key=len)
        reply = desk.say(f"words remove {key}: {word}")
        assert reply.kind is Kind.DONE
        assert [each.kind for each in undo(desk, reply)] == [Kind.DONE]
        assert word_list(desk, key)[-1] == word


def test_an_apostrophe_is_kept_as_questions_have_it(desk: Desk) -> None:
    desk.say("words add opinion: wouldn’t you say")
    assert word_list(desk, "opinion")[-1] == "wouldn't you say"
    assert "There already" in desk.text("words add opinion: wouldn't you say")
    assert desk.say("words remove opinion: wouldn’t you say").kind is Kind.DONE


def test_hostile_words_are_data(desk: Desk) -> None:
    hostile = "<!channel> @everyone {0} {name} %s '); DROP TABLE topics"
    reply = desk.say(f"topic words add screenings: {hostile}")
    assert reply.kind is Kind.DONE
    assert "{0} {name} %s" in plain_text(reply.document)
    assert "{0} {name} %s" in desk.text("topic screenings")
    assert desk.say("topic add {label} | {中文}").kind is Kind.DONE


def test_the_undo_of_a_line_that_is_nearly_too_long_still_fits(desk: Desk) -> None:
    phrases = ",".join(f"{n}{'x' * 95}" for n in range(1, 10))
    reply = desk.say(f"topic words add screenings: {phrases},".ljust(MAX_LINE, "y"))
    lines = [choice.query for choice in reply.document.choices if choice.label in ("Undo", "還原")]
    assert all(len(line) <= MAX_LINE for line in lines)
    assert {each.kind for each in undo(desk, reply)} == {Kind.DONE}
    assert not any("xxx" in word for word in topic(desk, "screenings").words)


def test_a_chinese_line_is_answered_in_chinese_with_lines_that_work(desk: Desk) -> None:
    reply = desk.say("topic alias add 甄別：邊境甄別")
    assert reply.document.locale is Locale.ZH_HANT
    assert "topic alias remove 初步識別審核: 邊境甄別" in plain_text(reply.document)
    assert undo(desk, reply)[0].kind is Kind.DONE


def test_another_bot_of_the_same_store_knows_the_word_too(desk: Desk) -> None:
    other = replace(desk)
    desk.say("topic alias add screenings: border vetting")
    assert other.say("border vetting").kind is Kind.ANSWER


def test_the_session_in_the_documents_is_what_happens(desk: Desk) -> None:
    desk.locale, text = Locale.EN, ""
    blocks = re.findall(r"```text\n(.+?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    shown = [line for block in blocks for line in block.splitlines() if line and line != "…"]
    assert len(shown) > 20
    for line in shown:
        text = desk.text(line.removeprefix("> ")) if line.startswith("> ") else text
        assert line.startswith("> ") or line in text.splitlines()


@given(st.lists(st.text(alphabet="ab,;'’ -。你好", min_size=1, max_size=30), max_size=60))
def test_phrases_are_read_once_each_and_written_into_lines_that_fit(typed: list[str]) -> None:
    phrases = read_phrases(",".join(typed))
    assert len({phrase_key(phrase) for phrase in phrases}) == len(phrases)
    lines = list(lines_of("words add light:", phrases))
    assert all(len(line) <= MAX_LINE for line in lines)
    assert tuple(each for line in lines for each in read_phrases(line.removeprefix("words add light:"))) == phrases


@given(st.text(max_size=120), st.text(max_size=120))
def test_every_label_has_a_key_that_files_take(english: str, chinese: str) -> None:
    if english or chinese:
        key = topic_key(LocalText(english or None, chinese or None))
        assert 0 < len(key) <= 100
        assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert key[0] != "-"
