"""Reading a question: what it asks for, what it names, and which of its words must not be missed."""

from datetime import date

import pytest
from asking import TODAY, VOCABULARY, read
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question import Wanted, read_question
from bot.answering.spelling import Speller
from bot.answering.terms import terms
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Topic
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("how many visas?", Wanted.COUNT),
        ("number of visas", Wanted.COUNT),
        ("# of visas", Wanted.COUNT),
        ("有多少個簽證", Wanted.COUNT),
        ("what percentage of visas", Wanted.SHARE),
        ("what % of visas", Wanted.SHARE),
        ("百分之幾的簽證", Wanted.SHARE),
        ("how much visa scrutiny", Wanted.AMOUNT),
        ("幾多簽證", Wanted.AMOUNT),
        ("when were visas checked", Wanted.DATE),
        ("幾時審查簽證", Wanted.DATE),
        ("who checks visas", Wanted.PERSON),
        ("邊個審查簽證", Wanted.PERSON),
        ("why are visas checked", Wanted.REASON),
        ("how come visas are checked", Wanted.REASON),
        ("what is the trend in visas", Wanted.TREND),
        ("tell me of visas", Wanted.ANYTHING),
        ("whoever has visas", Wanted.ANYTHING),
        ("officers who check visas", Wanted.ANYTHING),
        ("are visas checked when they expire", Wanted.ANYTHING),
        ("raids and the number of visas", Wanted.ANYTHING),
    ],
)
def test_a_question_says_by_its_words_what_kind_of_answer_it_wants(text: str, wanted: Wanted) -> None:
    assert read(text).wanted is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("why how many percent", Wanted.REASON),
        ("how many percent when", Wanted.SHARE),
        ("how many, how much and when", Wanted.COUNT),
        ("how much and when", Wanted.AMOUNT),
        ("when and who", Wanted.DATE),
        ("how many, and the trend", Wanted.TREND),
    ],
)
def test_of_several_kinds_the_most_telling_counts(text: str, wanted: Wanted) -> None:
    assert read(text).wanted is wanted


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("when was it", 0),
        ("which year was it", 0),
        ("which month was it", 7),
        ("邊個月", 7),
        ("what day was it", 10),
        ("邊日", 10),
        ("how many days", 0),
    ],
)
def test_a_question_for_a_date_says_how_fine_it_is_to_be(text: str, characters: int) -> None:
    assert read(text).finest == characters


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("how many officers were trained", ("offic",)),
        ("how many trained officers were there", ("offic", "train")),
        ("how many more officers were trained", ("offic", "more")),
        ("how many officers attended the training", ("offic", "attend", "the", "train")),
        ("how many attended the training", ()),
        ("how many trained in 2023", ()),
        ("多少個人員", ()),
        ("officers trained", ()),
    ],
)
def test_how_many_counts_the_noun_behind_it_and_before_a_verb_nothing_in_particular(
    text: str, counted: tuple[str, ...]
) -> None:
    assert read(text).counted == counted


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("which division examines visas", ("division",)),
        ("which divisions examine visas", ("divisions",)),
        ("which police divisions were there", ("divisions",)),
        ("what division examines visas", ()),
        ("visas of which division", ()),
    ],
)
def test_which_at_the_beginning_asks_for_the_noun_behind_it(text: str, nouns: tuple[str, ...]) -> None:
    assert read(text).which == nouns


@pytest.mark.parametrize(
    ("text", "asks_whether"),
    [
        ("are visas checked?", True),
        ("did the government check visas", True),
        ("how are visas checked", False),
        ("visas are checked", False),
    ],
)
def test_a_question_that_begins_with_its_verb_asks_for_yes_or_no(text: str, *, asks_whether: bool) -> None:
    assert read(text).asks_whether is asks_whether


def test_how_something_moved_is_asked_in_the_words_of_the_trend() -> None:
    assert read("what is the trend in visas").moving == ("trend",)
    assert read("visas").moving == ()


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("should visas be checked?", WordKind.OPINION, "should"),
        ("what do you think of visas", WordKind.OPINION, "do you think"),
        ("你覺得簽證如何", WordKind.OPINION, "你觉得"),
        ("will visas be checked?", WordKind.PREDICTION, "will"),
        ("how do I get a visa", WordKind.HOW_TO, "how do i"),
        ("幫我申請簽證", WordKind.HOW_TO, "帮我"),
        ("will you, or should you", WordKind.OPINION, "should"),
    ],
)
def test_a_question_that_no_fact_can_answer_is_told_with_the_words_that_make_it_one(
    text: str, kind: WordKind, words: str
) -> None:
    assert read(text).beyond == (kind, words)


@pytest.mark.parametrize("text", ["how do visas work", "goodwill visas", "the thinking of visas"])
def test_a_question_that_only_looks_like_one_is_not_beyond_the_facts(text: str) -> None:
    assert read(text).beyond is None


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("the nationality of officers", {"nationality"}),
        ("人員的國籍", {"国籍"}),
        ("were visas for Zhang checked?", {"zhang"}),
        ("visas for zzqx", {"zzqx"}),
        ("were 45 visas checked", {"45"}),
        ("were 1,900 visas checked", {"1900"}),
        ("were visas checked", set()),
        ("which visas were checked", {"visas"}),
        ("what kinds of visas were checked", {"kinds"}),
        ("what training sessions were held", {"sessions"}),
        ("what is the slogan of the visas", {"slogan"}),
        ("what were their slogans in visas", {"slogans"}),
        ("who is the master of visas", {"master"}),
        ("what is visa scrutiny", set()),
        ("Who checked visas", set()),  # capitals at the beginning name nobody
        ("How Visas Were Checked", set()),  # nor do those of a title
        ("did “Zhang” get visas", {"zhang"}),
    ],
)
def test_what_is_asked_for_by_name_number_or_kind_must_not_be_missed(text: str, strict: set[str]) -> None:
    assert read(text).strict == strict


@pytest.mark.parametrize(
    ("text", "strict"),
    [
        ("is the airport workshop a gimmick", {"gimmick"}),
        ("are the workshops so relaxing", {"relaxing"}),
        ("was the answer courageous", {"courageous"}),
        ("are officers at work in dens", set()),
        ("does Washington find it a gimmick", set()),
        ("機場工作坊係咪做樣", {"机场工作坊系咪做样"}),
    ],
)
def test_what_is_asked_to_be_said_of_something_must_not_be_missed(text: str, strict: set[str]) -> None:
    assert read(text).strict == strict


def test_the_name_of_a_party_is_looked_at_as_a_party_and_is_not_strict() -> None:
    found = read("did visas of Washington rise?")
    assert found.strict == set()
    assert found.parties.words == {"washington": "state"}


def test_an_attribute_within_a_longer_word_of_a_topic_is_none() -> None:
    stateless = Topic("stateless", LocalText("Stateless people", "無國籍人士"))
    vocabulary = Vocabulary([stateless], [WordList(WordKind.ATTRIBUTE, ("國籍",))])
    assert read("國籍", vocabulary).strict == {"国籍"}
    assert read("無國籍人士", vocabulary).strict == set()


@pytest.mark.parametrize(
    ("text", "doing", "done_to"),
    [
        ("who trained the officers?", {"train"}, set(terms("officers"))),
        ("who keeps visas?", {"keep", *terms("扣押")}, {"visa"}),
    ],
)
def test_who_does_something_is_asked_with_what_is_done_and_to_whom(
    text: str, doing: set[str], done_to: set[str]
) -> None:
    found = read(text).doing
    assert found is not None
    assert [set(part) for part in found] == [doing, done_to]


def test_where_what_is_done_weighs_nothing_it_is_asked_with_whom_or_what_it_is_done_to() -> None:
    lists = [WordList(WordKind.PERSON, ("who",)), WordList(WordKind.LIGHT, ("the", "carried", "out"))]
    assert read("who carried out the visas?", Vocabulary((), lists)).doing == (frozenset(), frozenset({"visa"}))


@pytest.mark.parametrize(
    "text",
    [
        "who is trained?",
        "who may be trained?",
        "who must officers train?",
        "who was it that trained officers",
        "officers who trained",
        "who?",
    ],
)
def test_who_something_is_done_to_is_not_asked_as_who_does_it(text: str) -> None:
    assert read(text).doing is None


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("visas in Japan", {"JP"}),
        ("visas of Americans", {"US"}),
        ("visas in Hong Kong", set()),
        ("tier of the US", {"US"}),
        ("tier of the US and of Hong Kong", set()),
        ("visas in the U.S. report", set()),
        ("how did the US rank us?", set()),
        ("visas according to the US", set()),
        ("what did the US say of visas in Japan?", {"JP"}),
        ("tell us of visas", set()),
    ],
)
def test_the_us_is_a_place_unless_it_is_named_as_one_who_speaks_or_acts(text: str, places: set[str]) -> None:
    assert read(text).places == places


def test_a_misspelt_word_is_read_as_it_was_meant_and_told() -> None:
    found = read("how many screenigns in 2023?")
    assert found.words == ("screenings",)
    assert found.spelt == {"screenigns": "screenings"}


def test_what_the_vocabulary_cannot_correct_is_left_to_the_other_spellers() -> None:
    other = Speller(["lighthouse screenings"], ())
    assert read("lighthuose").words == ("lighthuose",)
    found = read_question("lighthuose and screenigns", VOCABULARY, TODAY, other)
    assert found.spelt == {"lighthuose": "lighthouse", "screenigns": "screenings"}


def test_a_number_and_a_percent_sign_are_words_and_an_ampersand_joins() -> None:
    assert read("visas & raids by 45%").words == ("visas", "raids", "45")


def test_a_decimal_stays_what_it_is() -> None:
    assert read("visas by 4.05").words == ("visas", "4.05")


def test_index_terms_are_those_of_the_words_and_of_single_words_that_mean_the_same() -> None:
    found = read("maids hold on to visas").terms
    assert found[:3] == ("maid", "keep", "visa")
    assert set(terms("外傭")) | {"helper"} <= set(found)
    assert "worker" not in found  # of “domestic worker”, which is a phrase


def test_the_periods_asked_about_leave_out_what_is_compared_with() -> None:
    assert read("visas in 2023, May 2024, up from 2022").periods == (Period("2023"), Period("2024-05"))


def test_last_year_is_reckoned_from_the_day_that_is_passed_in() -> None:
    assert read_question("visas last year", VOCABULARY, date(2020, 1, 1)).periods == (Period("2019"),)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_and_no_word_of_it_is_empty(text: str) -> None:
    found = read(text)
    assert all(found.words)
    assert all(found.terms)
    assert found.parties.acted_on <= found.parties.words.keys()
