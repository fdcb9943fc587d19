"""Library files: what is read, what is refused, and with which line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.library_file import read_library
from bot.desk.library_text import library_text
from bot.desk.problems import LibraryFileError
from bot.domain.facts import Change, ChangeKind, LibraryContent, Qualifier, Voice
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList

WHOLE = """\
format: 1
sources:
  - key: release
    title: A reply
    publisher: HKSAR Government
    url: https://example.org/reply
    published_on: 2022-07-20
    language: en
speakers:
  - {key: hksar, name: {en: HKSAR Government, zh-Hant: 香港特別行政區政府}, aliases: [officials, 當局]}
topics:
  - key: screenings
    label: {en: Initial screenings, zh-Hant: 初步識別審核}
    aliases: [screenings, 甄別]
statements:
  - {key: reply, speaker: hksar, source: release, said_on: 2022-07-20}
facts:
  - key: screenings-2021
    statement: reply
    topic: screenings
    text: {en: "Around 7,700 screenings, the HKSAR Government said.", zh-Hant: 約七千七百次。}
    value: 7700
    unit: {en: initial screenings, zh-Hant: 次}
    qualifier: about
    period: 2021
    change: {kind: ratio, value: 3, against: 2016}
    voice: quoted
    quote: Around 7 700 initial screenings
    paragraph: 2
"""
LISTS = """\
words:
  light: [please, 請]
  how-to: [how do I]
places:
  US: [Washington]
  NO: [Oslo]
"""


def read(text: str) -> LibraryContent:
    return read_library([("file.yaml", text.encode())], None)


def refusal(text: str) -> str:
    with pytest.raises(LibraryFileError) as refused:
        read(text)
    return str(refused.value)


def test_every_field_of_a_fact_is_read() -> None:
    fact = read(WHOLE).facts[0]
    assert (fact.value, fact.qualifier, fact.voice) == (7700, Qualifier.ABOUT, Voice.QUOTED)
    assert fact.period == Period("2021")
    assert fact.change == Change(ChangeKind.RATIO, 3, Period("2016"))
    assert fact.unit == LocalText("initial screenings", "次")


@pytest.mark.parametrize("as_json", [True, False])
def test_what_is_written_is_read_back_the_same(*, as_json: bool) -> None:
    content = read(WHOLE + LISTS)
    assert read(library_text(content, as_json=as_json)) == content


def test_json_with_tabs_and_escapes_is_read_like_yaml() -> None:
    plain = json.loads(library_text(read(WHOLE), as_json=True))
    written = json.dumps(plain, indent="\t", ensure_ascii=True).replace("/", "\\/")
    assert read(written) == read(WHOLE)


def test_a_fact_may_describe_its_source_and_speaker_in_place() -> None:
    content = read(
        json.dumps(
            [
                {
                    "topic": "screenings",
                    "text": "Around 7,700.",
                    "speaker": "Some Office",
                    "said": "2022-07-20",
                    "source": {"title": "A reply", "publisher": "Some Office", "date": "2022-07-20"},
                },
            ]
        ).replace("[", '{"topics": [{"key": "screenings", "label": "Screenings"}], "facts": [', 1)
        + "}"
    )
    assert content.statements[0].speaker == content.speakers[0].key
    assert content.sources[0].title == "A reply"
    assert content.facts[0].statement == content.statements[0].key


def test_a_fact_may_have_no_topic() -> None:
    content = read(WHOLE.replace("    topic: screenings\n", ""))
    assert content.facts[0].topic is None
    assert "topic" not in json.loads(library_text(content, as_json=True))["facts"][0]
    assert read(library_text(content, as_json=False)) == content


@pytest.mark.parametrize("is_json", [True, False])
def test_a_fact_of_a_bare_list_may_have_no_topic(*, is_json: bool) -> None:
    fact = {
        "speaker": "Some Office",
        "said": "2022-07-20",
        "text": "Around 7,700.",
        "source": {"title": "A reply", "publisher": "Some Office", "date": "2022-07-20"},
    }
    yaml = "- speaker: Some Office\n  said: 2022-07-20\n  text: Around 7,700.\n"
    yaml += "  source: {title: A reply, publisher: Some Office, date: 2022-07-20}\n"
    (read_fact,) = read(json.dumps([fact]) if is_json else yaml).facts
    (placed,) = read(f"topics: [{{key: t, label: T}}]\nfacts: {json.dumps([fact | {'topic': 't'}])}").facts
    assert read_fact.topic is None
    assert read_fact.key != placed.key


def test_a_speaker_has_aliases() -> None:
    assert read(WHOLE).speakers[0].aliases == ("officials", "當局")


def test_word_lists_are_read_by_kind_and_by_place() -> None:
    assert read(LISTS).word_lists == (
        WordList("light", ("please", "請")),
        WordList("how-to", ("how do I",)),
        WordList("US", ("Washington",)),
        WordList("NO", ("Oslo",)),
    )


def test_lists_of_several_files_and_of_older_versions_are_joined_in_order_without_repeats() -> None:
    files = (
        ("a.yaml", "words: {light: [please, kindly], count: [how many]}"),
        ("b.yaml", "words: {light: [Kindly, so]}\nlight_words: [ever, please]\nplaces: {US: [Washington]}"),
        ("c.yaml", "light_words: [yet]"),
    )
    content = read_library([(name, text.encode()) for name, text in files], None)
    assert content.word_lists == (
        WordList("light", ("please", "kindly", "so", "ever", "yet")),
        WordList("count", ("how many",)),
        WordList("US", ("Washington",)),
    )


def test_a_list_without_words_is_a_list_and_no_list_is_none() -> None:
    assert read("words: {light: [], count: }\nplaces: {}\nlight_words: []").word_lists == (WordList("light", ()),)


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("  how-to:", "  advice:", 3, "words has no field 'advice'; its fields are light, count, share"),
        ("  US:", "  usa:", 5, "'usa' is no place: write its ISO 3166 code, two capital letters: US"),
        ("  US:", "  us:", 5, "'us' is no place"),
        ("  US:", "  NO:", 6, "places gives NO twice"),
        ("[Washington]", "Washington", 5, "US: must be a list"),
        ("[please, 請]", "[please, [請]]", 2, "light must be a text"),
        ("words:\n  light: [please, 請]\n  how-to: [how do I]\n", "words: [please]\n", 1, "must be a mapping"),
    ],
)
def test_a_list_that_is_wrong_is_refused_with_its_line(before: str, after: str, line: int, reason: str) -> None:
    text = LISTS.replace(before, after, 1)
    assert text != LISTS
    message = refusal(text)
    assert f"file.yaml:{line}: " in message
    assert reason in message


def test_the_document_names_every_kind_of_word_list() -> None:
    document = (Path(__file__).parents[2] / "docs" / "library-format.md").read_text(encoding="utf-8")
    assert [kind for kind in WordKind if f"`{kind}`" not in document] == []


def test_a_bare_text_is_in_the_language_of_its_script() -> None:
    content = read(WHOLE.replace("label: {en: Initial screenings, zh-Hant: 初步識別審核}", "label: 初步識別審核"))
    assert content.topics[0].label == LocalText(zh_hant="初步識別審核")


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("    statement: reply\n", "", 18, "a fact without a source"),
        ("statement: reply", "statement: nowhere", 18, "names the statement 'nowhere'"),
        ("topic: screenings", "topic: tiers", 18, "names the topic 'tiers'"),
        ("said_on: 2022-07-20", "said_on: 2022-02-30", 16, "is not a date"),
        ("period: 2021", "period: lately", 25, "is not a period"),
        ("qualifier: about", "qualifier: roughly", 24, "is none of exact, about, over, under"),
        ("paragraph: 2", "paragrahp: 2", 29, "no field 'paragrahp'"),
        ("value: 3,", "value: thrice,", 26, "is not a number"),
        ("    quote: Around 7 700 initial screenings\n", "", 18, "needs its quote"),
        ("url: https://example.org/reply", "url: javascript:alert(1)", 6, "is not a web address"),
        ("key: screenings-2021", "key: Screenings 2021", 18, "is not a key"),
        ("paragraph: 2", "topic: screenings", 29, "gives topic twice"),
        ("format: 1", "format: 2", 1, "reads format 1"),
        ("speaker: hksar", "speaker: [hksar]", 16, "must be a text"),
        ("title: A reply", 'title: "A\\x1b[31m reply"', 4, "title has the control character U+001B"),
        ("language: en", 'language: en\n    text: "one\\n\\0two"', 9, "text has the control character U+0000"),
        ("aliases: [screenings", 'aliases: ["a\\x85"', 14, "aliases has the control character U+0085"),
        ("en: Initial", 'en: "\\x7f", x: Initial', 13, "no field 'x'"),
        ("unit: {en: initial screenings", 'unit: {en: "\\b"', 23, "control character U+0008"),
        ("paragraph: 2", "paragraph: 100001", 29, "is not a whole number from 0 to 100,000"),
        ("paragraph: 2", "paragraph: -1", 29, "is not a whole number"),
        ("value: 7700", "value: 1000000000000001", 22, "is not a number from -1,000"),
        ("value: 7700", "value: -1e999", 22, "is not a number"),
        ("value: 3,", "value: nan,", 26, "is not a number"),
        ("title: A reply", 'title: " "', 3, "a source has no title"),
        (
            'text: {en: "Around 7,700 screenings, the HKSAR Government said.", zh-Hant: 約七千七百次。}',
            'text: ""',
            18,
            "no text",
        ),
        ("period: 2021", "period: 2018/", 25, "is not a period"),
    ],
)
def test_what_is_wrong_is_refused_with_file_line_and_reason(before: str, after: str, line: int, reason: str) -> None:
    text = WHOLE.replace(before, after, 1)
    assert text != WHOLE
    message = refusal(text)
    assert f"file.yaml:{line}: " in message
    assert reason in message


def test_a_fact_that_rejects_itself_is_refused() -> None:
    dispute = "disputes:\n  - rejecting: screenings-2021\n    rejected: screenings-2021\n    source: release\n"
    assert "file.yaml:32: rejected: the fact 'screenings-2021' cannot reject itself" in refusal(WHOLE + dispute)


def test_a_text_is_one_line_except_a_sources_own() -> None:
    lines = "one  two\n\tthree\r\n four\u3000"
    whole = json.loads(library_text(read(WHOLE), as_json=True))
    whole["sources"][0] |= {"title": lines, "publisher": lines, "text": lines}
    whole["topics"][0] |= {"label": lines, "aliases": [lines, " \n"]}
    whole["facts"][0] |= {"text": lines, "quote": lines, "unit": lines, "reason": lines}
    content = read(json.dumps(whole))
    source, topic, fact = content.sources[0], content.topics[0], content.facts[0]
    one_line = "one two three four"
    assert (source.title, source.publisher, topic.aliases, fact.quote, fact.reason) == (
        one_line,
        one_line,
        (one_line,),
        one_line,
        one_line,
    )
    assert (topic.label, fact.text, fact.unit) == (LocalText(one_line),) * 3
    assert source.text == "one  two\n\tthree\n four"


@pytest.mark.parametrize("field", ["unit: {en: initial screenings, zh-Hant: 次}", "qualifier: about", "value: 7700"])
def test_facts_without_keys_that_differ_in_one_thing_are_two(field: str) -> None:
    fact = WHOLE[WHOLE.index("  - key: screenings-2021") :].replace("key: screenings-2021\n    ", "")
    other = fact.replace(field, field.split(":", maxsplit=1)[0] + ": ")
    assert len(read(WHOLE + fact + other).facts) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the file is empty"),
        ("{", "file.yaml:1: not readable as JSON"),
        ("a: [", "not readable as YAML"),
        ("just words", "must be a mapping"),
        ('{"facts": [}', "not readable as JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_library_file_is_refused(text: str, reason: str) -> None:
    assert reason in refusal(text)


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(LibraryFileError, match=r"file\.yaml:2: the file is not UTF-8 text"):
        read_library([("file.yaml", b"a: 1\nb: \xff")], None)


def test_all_problems_are_told_at_once() -> None:
    text = WHOLE.replace("period: 2021", "period: lately").replace("said_on: 2022-07-20", "said_on: never")
    assert len(refusal(text).splitlines()) >= 2


def test_a_key_that_stands_twice_is_refused() -> None:
    fact = WHOLE[WHOLE.index("  - key: screenings-2021") :]
    assert "fact keys stand twice: screenings-2021" in refusal(WHOLE + fact)


def test_files_may_refer_to_each_other() -> None:
    topics, rest = WHOLE[: WHOLE.index("statements:")], WHOLE[WHOLE.index("statements:") :]
    content = read_library([("b.yaml", rest.encode()), ("a.yaml", topics.encode())], None)
    assert replace(content) == read(WHOLE)


@given(st.text(max_size=300))
def test_no_text_can_break_the_reading(text: str) -> None:
    try:
        read(text)
    except LibraryFileError as refused:
        assert refused.problems  # noqa: PT017 (either outcome is right)
