"""What the words of topics, speakers and lists amount to."""

from dataclasses import replace

import pytest
from asking import BY_HOME, CODE, SCREENINGS, TOPICS, VICE, VOCABULARY

from bot.answering.phrases import flat
from bot.answering.terms import terms
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Topic
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList


def weighing(text: str) -> list[str]:
    return VOCABULARY.content_words(flat(text))


def with_list(kind: WordKind, *words: str) -> Vocabulary:
    return Vocabulary(TOPICS, [WordList(kind, words)])


@pytest.mark.parametrize(
    "typed", ["screenings", "Initial screenings", "甄別", "甄别", "screening", "INITIAL SCREENING"]
)
def test_a_topic_is_named_by_its_labels_aliases_and_their_inflections(typed: str) -> None:
    assert VOCABULARY.topic_named(typed) == SCREENINGS


@pytest.mark.parametrize("typed", ["checked", "screenings 2023", "", "screenings visas"])
def test_an_everyday_word_or_a_longer_line_names_no_topic(typed: str) -> None:
    assert VOCABULARY.topic_named(typed) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("how many screenings were there?", ["screenings"]),
        ("please, which visas", ["visas"]),
        ("what is the trend in visas", ["visas"]),
        ("the", []),
    ],
)
def test_light_words_and_words_that_ask_weigh_nothing(text: str, words: list[str]) -> None:
    assert weighing(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("甄別的人數", ["甄别"]),
        ("有冇外傭被扣押", ["外佣", "扣押"]),  # both stand in a line of words that mean the same
        ("簽證審核", ["签证", "审核"]),
        ("幾時有簽證", ["签证"]),
        ("島上的簽證", ["岛上", "签证"]),
    ],
)
def test_a_run_of_chinese_is_parted_where_a_known_word_stands(text: str, words: list[str]) -> None:
    assert weighing(text) == words


def test_a_single_chinese_character_weighs_only_where_a_topic_has_it() -> None:
    level = Topic("level", LocalText("Level", "級別"), ("級",))
    assert Vocabulary([level]).content_words(flat("級 島")) == ["级"]
    assert weighing("級 島") == []


def test_a_longer_word_of_a_topic_is_not_parted_by_a_light_phrase_within_it() -> None:
    covenant = Topic("covenant", LocalText("Covenant", "公約"))
    vocabulary = Vocabulary([covenant], [WordList(WordKind.LIGHT, ("約", "的"))])
    assert vocabulary.content_words(flat("約的公約")) == ["公约"]


def test_an_everyday_phrase_counts_only_where_the_question_has_it_whole_and_in_order() -> None:
    whole = terms("the sex trade")
    assert {"sex", "trade"} <= VOCABULARY.topical_terms(VICE, whole)
    for other in (["trade"], ["sex"], whole[::-1]):
        assert VOCABULARY.topical_terms(VICE, other).isdisjoint({"sex", "trade"})
    assert set(terms("raids")) <= VOCABULARY.topical_terms(VICE, ())


def test_a_name_of_a_topic_that_stands_whole_in_a_question_is_told_from_half_of_one() -> None:
    assert VOCABULARY.named_terms(CODE, terms("the code of practice")) == set(terms("code practice"))
    assert VOCABULARY.named_terms(CODE, terms("the code")) == {"code"}  # the topic's own key
    assert VOCABULARY.named_terms(VICE, terms("operations")) == set()


def test_words_name_a_topic_where_they_are_all_that_weighs_in_one_of_its_names() -> None:
    assert VOCABULARY.topic_of(["practice", "code"]) == CODE
    assert VOCABULARY.topic_of(["practice"]) is None


def test_a_phrase_that_means_the_same_as_a_word_is_read_as_that_word() -> None:
    assert VOCABULARY.synonyms.in_one_word(flat("maids hold on to visas that go up")) == " maids keep visas that rise "
    assert VOCABULARY.synonyms.in_one_word(flat("hold on")) == " hold on "


def test_words_of_one_line_mean_the_same_across_languages_and_inflections() -> None:
    same = VOCABULARY.synonyms.of("maids")
    assert frozenset(terms("helper")) in same
    assert frozenset(terms("外傭")) in same
    assert frozenset(terms("domestic worker")) in same
    assert frozenset(terms("rise")) not in same
    assert VOCABULARY.synonyms.of("visa") == ()


def test_a_word_of_two_lines_means_what_either_says() -> None:
    vocabulary = with_list(WordKind.SAME, "charge = claim", "charge = fee")
    assert set(vocabulary.synonyms.of("charges")) == {frozenset(["claim"]), frozenset(["fee"])}
    assert vocabulary.synonyms.of("fee") == (frozenset(["charg"]),)


def test_a_word_of_many_topics_tells_less_than_a_word_of_one() -> None:
    common = tuple(replace(topic, words=(*topic.words, "common")) for topic in TOPICS)
    vocabulary = Vocabulary(common)
    assert vocabulary.spread("common") == len(TOPICS)
    assert vocabulary.spread("scrutiny") == vocabulary.spread("zebra") == 1
    assert vocabulary.telling(["common", "zebra"], {"common"}) == 1 / len(TOPICS)


@pytest.mark.parametrize("typed", ["hello", "Thanks!", "hello, how are you?", "你好"])
def test_a_greeting_is_small_talk(typed: str) -> None:
    assert VOCABULARY.is_small_talk(typed)


@pytest.mark.parametrize("typed", ["hello visas", "thanks, how many screenings", "the", "", "how are visas"])
def test_a_greeting_before_a_question_is_none_and_neither_is_nothing(typed: str) -> None:
    assert not VOCABULARY.is_small_talk(typed)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("What about the visas?", " the visas "),
        ("and visas and raids", " visas and raids "),
        ("visas and raids", " visas and raids "),
        ("咁簽證呢", " 签证呢 "),
    ],
)
def test_the_words_with_which_a_question_goes_on_are_taken_off_its_beginning_only(typed: str, left: str) -> None:
    assert VOCABULARY.without_opening(flat(typed)) == left


def test_a_text_stands_without_who_said_it_but_not_without_whom_it_is_about() -> None:
    text = "HKSAR Government officials told Harbour Daily of U.S. officialdom. 香港政府表示。"
    left = " ".join(VOCABULARY.speakers.without_attribution(text, BY_HOME).split())
    assert left == "told of U.S. officialdom. 表示。"


def test_without_any_list_every_word_weighs() -> None:
    assert Vocabulary(TOPICS).content_words(flat("how many visas")) == ["how", "many", "visas"]


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("visas these days", []),
        ("on top of visas", []),
        ("which days", []),
        ("how many days on top", ["days", "top"]),
        ("these visa days", ["days"]),
    ],
)
def test_a_word_that_names_what_is_asked_for_does_not_within_a_phrase_that_weighs_nothing_or_asks(
    text: str, attributes: list[str]
) -> None:
    lists = {
        WordKind.ATTRIBUTE: ("days", "top"),
        WordKind.LIGHT: ("these days", "on top of"),
        WordKind.DATE: ("which days",),
    }
    vocabulary = Vocabulary(TOPICS, [WordList(kind, words) for kind, words in lists.items()])
    assert vocabulary.attributes(flat(text)) == attributes
