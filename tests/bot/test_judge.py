"""The judgement: a pure function of a question, the candidates and the vocabulary."""

from dataclasses import replace

import pytest
from asking import (
    BRITISH,
    BY_HOME,
    CHECKED,
    COUNT,
    FACTS,
    LOOSE,
    NOTED,
    OFFICERS,
    PLACED,
    REJECTED,
    REVISED,
    SCREENINGS,
    SHARE,
    SOURCE,
    TOPICS,
    TRAINING,
    VICE,
    VISAS,
    answered,
    read,
    said,
    verdict,
    weighed,
)

from bot.answering.judge import MAY_STAY_UNCOVERED, Answered, Cover, NotHeld, Unclear, of_topic, weigh
from bot.answering.vetoes import Veto
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Change, ChangeKind, Fact, Topic, Voice
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList


def vetoed(text: str, fact: Fact) -> set[Veto]:
    return set(weighed(text, fact).vetoes)


def not_held(text: str, *facts: Fact) -> NotHeld:
    found = verdict(text, *facts)
    assert isinstance(found, NotHeld)
    return found


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("how many screenings were there in 2023?", COUNT),
        ("how many people were checked", COUNT),
        ("2023年有多少個甄別", COUNT),
        ("二零二三年有幾多甄別", COUNT),
        ("what percentage rise in screenings", SHARE),
        ("visa scrutiny", CHECKED),
        ("visas of maids", CHECKED),
        ("visas in Hong Kong", CHECKED),
        ("visas in the United Kingdom", BRITISH),
        ("how many officers were trained", OFFICERS),
        ("who tightened rules", REVISED),
        ("what tier did the US rank Hong Kong on?", PLACED),
        ("raids according to the government", NOTED),
    ],
)
def test_a_question_whose_words_a_fact_covers_is_answered_by_it(question: str, fact: Fact) -> None:
    assert answered(question) == fact.key


@pytest.mark.parametrize("question", ["how many unicorns", "5", "1,800", "", "the", "zebra", "visas of unicorns"])
def test_what_no_fact_covers_is_not_answered(question: str) -> None:
    assert answered(question) is None


def test_a_third_of_the_words_may_stay_uncovered_where_no_value_is_asked_for() -> None:
    assert answered("visa scrutiny zebra") == "checked"
    assert weighed("visa scrutiny zebra", CHECKED).allowed == MAY_STAY_UNCOVERED
    assert answered("visa zebra") is None


@pytest.mark.parametrize(
    "question", ["how many officers sang", "who checked zebra visas", "when did agencies sing the code"]
)
def test_where_a_figure_a_person_or_a_date_is_asked_for_no_word_may_stay_uncovered(question: str) -> None:
    assert {weighed(question, fact).allowed for fact in FACTS} == {0}
    assert answered(question) is None


def test_what_only_words_of_many_topics_cover_is_not_covered_enough() -> None:
    vocabulary = Vocabulary([replace(topic, words=(*topic.words, "common", "shared")) for topic in TOPICS])
    assert isinstance(verdict("visa scrutiny zebra", CHECKED, vocabulary=vocabulary), Answered)
    assert isinstance(verdict("common shared visas", CHECKED, vocabulary=vocabulary), Answered)
    assert isinstance(verdict("common shared zebra", CHECKED, vocabulary=vocabulary), NotHeld)


def test_a_word_of_many_topics_that_is_not_covered_counts_as_a_whole_word_too() -> None:
    common = [replace(topic, words=(*topic.words, "common")) for topic in TOPICS if topic != VISAS]
    assert isinstance(verdict("visa common", CHECKED, vocabulary=Vocabulary([*common, VISAS])), NotHeld)


def test_by_how_much_they_tell_half_of_the_words_may_stay_uncovered_but_a_third_where_yes_or_no_is_asked() -> None:
    vocabulary = Vocabulary(
        [replace(topic, words=(*topic.words, "shared")) for topic in TOPICS],
        [WordList(WordKind.LIGHT, ("are", "with", "of"))],
    )
    assert isinstance(verdict("visas shared with zebras", CHECKED, vocabulary=vocabulary), Answered)
    assert isinstance(verdict("are visas shared with zebras", CHECKED, vocabulary=vocabulary), NotHeld)
    assert isinstance(verdict("are visas of zebras examined", CHECKED, vocabulary=vocabulary), Answered)


def test_each_word_is_told_what_covers_it() -> None:
    assert weighed("division scrutiny Harbour zebra", CHECKED).covered == (
        ("division", Cover.FACT),
        ("scrutiny", Cover.TOPIC),
        ("harbour", Cover.SPEAKER),
        ("zebra", Cover.NOTHING),
    )
    assert weighed("簽證費用", CHECKED).covered == (("签证", Cover.FACT), ("费用", Cover.NOTHING))
    assert weighed("审查燈塔", CHECKED).covered == (("审查灯塔", Cover.PARTLY),)


@pytest.mark.parametrize(
    ("question", "fact", "is_in_time"),
    [
        ("screenings in 2023", COUNT, True),
        ("screenings in 2022", COUNT, False),
        ("screenings in May 2023", COUNT, False),  # a year's figure is not that of a month
        ("screenings between 2019 and 2023", COUNT, False),  # nor of five years
        ("screenings since 2019", COUNT, False),
        ("screenings in May", COUNT, False),
        ("the code in 2024", REVISED, True),
        ("the code in May", REVISED, True),
        ("the code in June", REVISED, False),
        ("the code since 2020", REVISED, True),  # something that happened then
        ("the code before 2024", REVISED, False),
        ("tier in 2024", PLACED, True),
        ("tier in May 2024", PLACED, True),  # a year's standing is that of its months
        ("tier in May", PLACED, False),  # of no year: nothing finer than a year is held
        ("tier in January", PLACED, False),
        ("tier between 2019 and 2025", PLACED, False),
        ("visas in 2024", CHECKED, True),
        ("visas between 2019 and 2025", CHECKED, False),  # said then, which is no event
        ("visas in 2022", replace(CHECKED, period=None), False),
        ("visas", replace(CHECKED, period=None), True),
        ("screenings in 2022 or 2023", COUNT, True),
    ],
)
def test_a_fact_of_another_time_is_ruled_out(question: str, fact: Fact, *, is_in_time: bool) -> None:
    assert (Veto.TIME not in vetoed(question, fact)) is is_in_time


@pytest.mark.parametrize(
    ("question", "is_in_time"),
    [
        ("rise over 2022", True),
        ("rise over 2021", False),
        ("rise in 2023 versus 2022", True),
        ("rise in 2023 versus 2021", False),
        ("2022 vs 2023 rise", True),
        ("2021 vs 2023 rise", False),
        ("rise from 2022 to 2023", True),
        ("rise from 2021 to 2023", False),
        ("rise since 2022", False),
    ],
)
def test_a_change_is_held_against_the_time_that_the_question_measures_from(question: str, *, is_in_time: bool) -> None:
    assert (Veto.TIME not in vetoed(question, SHARE)) is is_in_time


def test_a_fact_that_states_no_change_is_not_measured_from_another_time() -> None:
    assert Veto.TIME in vetoed("screenings up from 2022", COUNT)


def test_the_edition_of_a_document_is_the_year_in_which_it_was_said() -> None:
    assert Veto.TIME not in vetoed("screenings in the 2024 report", COUNT)
    assert Veto.TIME not in vetoed("screenings in the report of 2024", COUNT)
    assert Veto.TIME in vetoed("screenings in 2024", COUNT)


@pytest.mark.parametrize(
    "question",
    ["screenings in the 2023 report", "screenings in the report of 2023", "screenings in the 2022 report"],
)
def test_a_fact_is_not_of_a_document_of_the_year_that_it_is_about(question: str) -> None:
    assert COUNT.period == Period("2023")
    assert Veto.TIME in vetoed(question, COUNT)


@pytest.mark.parametrize(
    ("question", "fact", "is_ruled_out"),
    [
        ("visas in Japan", CHECKED, True),
        ("東京簽證", CHECKED, True),
        ("visas in London", BRITISH, False),
        ("visas in London and Tokyo", BRITISH, True),
        ("visas in Hong Kong", CHECKED, False),
        ("tier of the US", PLACED, True),
        ("tier in the US report", PLACED, False),
        ("visas", BRITISH, False),
    ],
)
def test_a_fact_of_another_place_is_ruled_out(question: str, fact: Fact, *, is_ruled_out: bool) -> None:
    assert (Veto.PLACE in vetoed(question, fact)) is is_ruled_out


NO_VALUE = replace(REVISED, value=None)
ON_A_DAY = replace(REVISED, period=Period("2024-05-13"))
IN_A_YEAR = replace(REVISED, period=Period("2024"))


@pytest.mark.parametrize(
    ("question", "fact", "is_right"),
    [
        ("how many screenings", COUNT, True),
        ("how many screenings", SHARE, False),
        ("how many visas", CHECKED, False),
        ("what percentage of screenings", SHARE, True),
        ("what percentage of screenings", COUNT, False),
        ("how much rise", SHARE, True),
        ("how much training", OFFICERS, True),
        ("how much code", REVISED, False),
        ("when was the code introduced", REVISED, True),
        ("when were visas examined", CHECKED, False),  # held is only when it was said
        ("when was the code introduced", replace(REVISED, period=None), False),
        ("which month was the code introduced", REVISED, True),
        ("which month was the code introduced", IN_A_YEAR, False),
        ("what day was the code introduced", REVISED, False),
        ("what day was the code introduced", ON_A_DAY, True),
        ("when did officials say visas", replace(CHECKED, statement=BY_HOME), True),
        ("why is there a code", REVISED, False),
        ("why is there a code", NO_VALUE, True),
        ("why are there screenings", COUNT, False),
        ("why did the US claim tier", PLACED, True),
        ("code", REVISED, True),
    ],
)
def test_a_fact_without_the_kind_of_value_asked_for_is_ruled_out(question: str, fact: Fact, *, is_right: bool) -> None:
    assert (Veto.VALUE not in vetoed(question, fact)) is is_right


def test_a_figure_of_one_thing_is_not_that_of_another_that_its_topic_speaks_of() -> None:
    assert answered("how many officers were trained") == "officers"
    assert answered("how many sessions were there") is None
    assert answered("how many training sessions were there in 2023") is None


def test_what_is_counted_rules_out_only_topics_that_speak_of_it() -> None:
    assert answered("how many people were checked") == "count"  # of initial screenings


def test_a_topic_that_counts_the_thing_somewhere_may_count_it_under_another_name() -> None:
    taught = replace(
        OFFICERS, text=LocalText("Officers were taught."), unit=LocalText("attendances"), key="taught", id=20
    )
    assert answered("how many officers were taught", taught) is None
    assert answered("how many officers were taught", taught, OFFICERS) == "taught"


def test_a_figure_is_not_given_for_words_that_are_only_used_of_its_topic() -> None:
    assert answered("people") == "count"
    assert answered("how many people were there") is None


def test_a_figure_is_not_given_for_the_name_of_another_topic() -> None:
    topics = [replace(SCREENINGS, words=(*SCREENINGS.words, "visas")), VISAS]
    lists = {WordKind.COUNT: "how many", WordKind.LIGHT: "of", WordKind.SAME: "screening = check"}
    vocabulary = Vocabulary(topics, [WordList(key, (words,)) for key, words in lists.items()])
    assert isinstance(verdict("how many checks", COUNT, vocabulary=vocabulary), Answered)
    assert isinstance(verdict("how many visas checks", COUNT, vocabulary=vocabulary), NotHeld)
    spoken = replace(COUNT, text=LocalText("There were checks of 11,000 visas."), unit=LocalText("visas checks"))
    assert isinstance(verdict("how many visas checks", spoken, vocabulary=vocabulary), Answered)


@pytest.mark.parametrize(
    ("question", "is_ruled_out"),
    [
        ("who were the officers?", True),
        ("which officers were trained?", True),
        ("how were officers trained?", True),
        ("officers trained", False),
        ("how many officers were trained?", False),
    ],
)
def test_a_count_does_not_say_who_they_were_or_how_it_was_done(question: str, *, is_ruled_out: bool) -> None:
    assert (Veto.VALUE in vetoed(question, OFFICERS)) is is_ruled_out


OF_SEVERAL = replace(CHECKED, text=LocalText("Visas are examined by the Lantern and Ferry Divisions."))


@pytest.mark.parametrize(
    ("question", "fact", "is_ruled_out"),
    [
        ("which division examines visas", CHECKED, False),
        ("which ministry examines visas", CHECKED, True),
        ("which ministry examines visas", replace(CHECKED, value=LocalText("the lantern keepers")), False),
        ("which divisions examine visas", CHECKED, True),
        ("which divisions examine visas", replace(CHECKED, text=LocalText("Some divisions examine visas.")), True),
        ("which divisions examine visas", replace(CHECKED, text=LocalText("Divisions examine visas.")), True),
        ("which divisions examine visas", OF_SEVERAL, False),
        ("which ministries examine visas", OF_SEVERAL, True),
        ("which session did officers attend", OFFICERS, True),  # it counts them
        ("which ferry carried maids", LOOSE, False),  # which must have every word anyway
    ],
)
def test_which_is_answered_with_the_noun_itself_and_which_of_several_only_with_names(
    question: str, fact: Fact, *, is_ruled_out: bool
) -> None:
    assert (Veto.VALUE in vetoed(question, fact)) is is_ruled_out


MORE = replace(COUNT, change=Change(ChangeKind.ABSOLUTE, 3_000, Period("2022")))


@pytest.mark.parametrize(
    ("question", "fact", "is_ruled_out"),
    [
        ("how many more screenings were there", COUNT, True),
        ("how many less screenings were there", COUNT, True),
        ("how many extra screenings were there", COUNT, True),
        ("how many additional screenings were there", COUNT, True),
        ("how many more screenings were there", MORE, False),
        ("how many screenings were there", COUNT, False),
    ],
)
def test_how_many_more_is_answered_by_a_change_alone(question: str, fact: Fact, *, is_ruled_out: bool) -> None:
    assert (Veto.VALUE in vetoed(question, fact)) is is_ruled_out


def test_how_many_did_something_may_be_counted_in_any_unit() -> None:
    assert answered("how many attended the training") == "officers"
    assert answered("how many attended the training in 2019") is None


@pytest.mark.parametrize(
    ("fact", "is_ruled_out"),
    [
        (CHECKED, True),
        (replace(CHECKED, value=LocalText("a division")), True),
        (replace(CHECKED, value=300), False),
        (replace(CHECKED, change=Change(ChangeKind.PERCENT, 45, Period("2023"))), False),
        (replace(CHECKED, value=LocalText("an increase")), False),
        (replace(CHECKED, value=LocalText("a decrease")), False),
        (replace(CHECKED, text=LocalText("The trend in visas is told by a division.")), False),
    ],
)
def test_how_something_moved_needs_a_figure_a_change_a_move_or_the_very_word(fact: Fact, *, is_ruled_out: bool) -> None:
    assert (Veto.VALUE in vetoed("what is the trend in visas", fact)) is is_ruled_out


def test_a_year_says_when_only_what_the_fact_itself_says_was_done() -> None:
    assert Veto.VALUE not in vetoed("when was Hong Kong ranked", PLACED)
    assert Veto.VALUE in vetoed("when was the list ranked", PLACED)  # a word that is used of the topic


def test_of_several_figures_within_a_span_each_is_in_time() -> None:
    older = replace(COUNT, key="older", period=Period("2021"), id=201)
    span = "how many screenings between 2019 and 2023?"
    assert isinstance(verdict(span, COUNT), NotHeld)
    assert isinstance(verdict(span, COUNT, older), Answered)
    assert isinstance(verdict(span, COUNT, replace(older, period=Period("2015"))), NotHeld)
    shares = [replace(SHARE, change=None, period=Period(year), id=at) for at, year in enumerate(("2021", "2023"))]
    assert isinstance(verdict("what percentage rise between 2019 and 2023?", *shares), NotHeld)  # they do not add up


PRINTED_ELSEWHERE = replace(NOTED, statement=replace(NOTED.statement, source=replace(SOURCE, publisher="Island Post")))


@pytest.mark.parametrize(
    ("question", "fact", "is_ruled_out"),
    [
        ("what did Washington say about visas", replace(CHECKED, voice=Voice.QUOTED), True),
        ("what did the government say about tier", PLACED, True),
        ("what did the government say about tier", REJECTED, False),  # which is shown with it
        ("what did the US say about tier", PLACED, False),
        ("what did the government say about visas", CHECKED, False),  # an outlet's account of doings at home
        ("what did the US say about visas", CHECKED, True),
        ("what did the government say about visas", replace(CHECKED, voice=Voice.QUOTED), True),
        ("what did Harbour Daily say about visas", CHECKED, False),
        ("what did Harbour Daily say about raids", NOTED, False),  # a statement in its article
        ("what did Harbour Daily say about raids", PRINTED_ELSEWHERE, True),
        ("what did unions say about visas", CHECKED, True),
        ("what did unions say about raids", NOTED, True),
        ("visas and the US", CHECKED, False),
    ],
)
def test_a_fact_in_somebody_elses_words_is_ruled_out(question: str, fact: Fact, *, is_ruled_out: bool) -> None:
    assert (Veto.SPEAKER in vetoed(question, fact)) is is_ruled_out


def test_a_fact_about_whom_something_is_done_to_does_not_say_who_does_it() -> None:
    trained = replace(OFFICERS, text=LocalText("Officers were trained."))
    trainer = replace(OFFICERS, text=LocalText("The police trained 1,900 officers."))
    assert Veto.ROLE in vetoed("who trained the officers", trained)
    assert Veto.ROLE not in vetoed("who trained the officers", trainer)
    assert Veto.ROLE not in vetoed("who is trained", trained)


@pytest.mark.parametrize(
    ("text", "is_ruled_out"),
    [
        ("Screenings were carried out among workers.", True),
        ("The police carried out screenings.", False),
        ("The initial screenings were carried out among workers.", True),
    ],
)
def test_a_fact_that_begins_with_what_was_carried_out_does_not_say_who_did_it(text: str, *, is_ruled_out: bool) -> None:
    lists = [WordList(WordKind.PERSON, ("who",)), WordList(WordKind.LIGHT, ("the", "carried", "out", "were"))]
    vocabulary, question = Vocabulary(TOPICS, lists), "who carried out the screenings"
    fact = replace(COUNT, text=LocalText(text), value=None, unit=None)
    why = weigh(read(question, vocabulary), said(fact, question, vocabulary), vocabulary)
    assert (Veto.ROLE in why.vetoes) is is_ruled_out


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("the nationality of officers trained", OFFICERS),
        ("visa scrutiny for Zhang", CHECKED),
        ("visa scrutiny zzqx division", CHECKED),
        ("visa scrutiny division 45", CHECKED),
        ("簽證審查國籍", CHECKED),
    ],
)
def test_a_fact_without_what_is_asked_for_by_name_is_ruled_out_however_much_it_covers(
    question: str, fact: Fact
) -> None:
    assert Veto.NAMED in vetoed(question, fact)
    assert answered(question) is None


def test_a_fact_with_what_is_asked_for_by_name_is_not_ruled_out() -> None:
    assert vetoed("were 45 percent of screenings a rise", SHARE) == set()
    named = replace(CHECKED, text=LocalText("Zhang of the division examines visas by nationality."))
    assert vetoed("the nationality of Zhang for visas", named) == set()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("should visas have scrutiny?", WordKind.OPINION),
        ("will visas have scrutiny?", WordKind.PREDICTION),
        ("how do I get visas", WordKind.HOW_TO),
    ],
)
def test_what_no_fact_can_answer_is_not_answered_and_the_topic_is_offered(question: str, kind: WordKind) -> None:
    found = not_held(question)
    assert found.beyond is kind
    assert found.near[0] == VISAS


def test_a_fact_without_a_topic_answers_a_question_that_it_covers_word_for_word() -> None:
    assert answered("did a ferry carry maids?") == "loose"
    assert answered("how many maids did the ferry carry") == "loose"


@pytest.mark.parametrize(
    "question",
    [
        "did a ferry carry helpers?",  # means the same, and is not the word
        "did a ferry carry maids and zebras?",  # a quarter is uncovered
        "ferry island",  # two words are in many sentences
    ],
)
def test_a_fact_without_a_topic_needs_three_words_and_every_one_of_them(question: str) -> None:
    assert answered(question) is None


def test_a_fact_without_a_topic_that_holds_too_few_words_is_named_and_not_shown() -> None:
    assert not_held("ferry island").holding == (LOOSE,)
    assert not_held("ferry zebra").holding == ()
    assert not_held("ferry island in 2019").holding == ()


def test_no_more_than_three_facts_that_hold_the_words_are_named() -> None:
    many = [replace(LOOSE, id=number) for number in range(20, 25)]
    assert not_held("ferry island", *many).holding == tuple(many[:3])


def test_a_fact_with_a_topic_goes_before_one_without_however_well_that_fits() -> None:
    loose = replace(
        LOOSE, text=LocalText("The division gives scrutiny to every visa and its zebra."), value=None, unit=None
    )
    assert answered("visa scrutiny zebra", loose, CHECKED) == "checked"
    assert answered("visa scrutiny zebra", loose) == "loose"


def test_what_would_answer_were_it_of_the_time_is_named() -> None:
    found = not_held("how many screenings were there in 2019?")
    assert found.other_times == (COUNT,)
    assert found.near[0] == SCREENINGS


@pytest.mark.parametrize("question", ["how many screenings in Japan in 2019?", "zebra screenings in 2019"])
def test_what_would_not_answer_at_any_time_is_not_named(question: str) -> None:
    assert not_held(question).other_times == ()


def test_where_something_of_the_topic_is_held_for_the_time_no_other_time_is_named() -> None:
    told = replace(COUNT, value=LocalText("many"), unit=None, period=Period("2019"), id=103)
    assert not_held("how many screenings were there in 2019?", COUNT, told).other_times == ()


def test_the_fact_that_came_nearest_is_explained() -> None:
    why = not_held("how many screenings were there in 2019?").why
    assert why is not None
    assert (why.fact, why.vetoes, why.is_covered, why.answers) == (COUNT, frozenset({Veto.TIME}), True, False)


def test_the_fact_that_answers_is_explained() -> None:
    found = verdict("visa scrutiny")
    assert isinstance(found, Answered)
    assert found.why is not None
    assert (found.why.fact, found.why.answers) == (CHECKED, True)


def test_without_a_word_that_weighs_nothing_is_judged() -> None:
    assert not_held("how many?") == NotHeld(())
    assert not_held("in 2023") == NotHeld(())


def alike(topic: str, words: tuple[str, ...] = ()) -> Fact:
    named = next(each for each in TOPICS if each.key == topic)
    text = LocalText("The inspectors met the harbour master.")
    return replace(CHECKED, topic=replace(named, words=words), text=text, id=named.id + 50)


def test_topics_that_fit_alike_are_offered_and_not_guessed() -> None:
    facts = [alike("visas"), alike("code"), alike("vice"), alike("tier")]
    found = verdict("inspectors", *facts)
    assert isinstance(found, Unclear)
    assert [topic.key for topic in found.topics] == ["visas", "code", "vice"]


def test_of_topics_that_fit_alike_the_one_that_the_words_name_answers() -> None:
    lights = Topic("lights", LocalText("Harbour lights"))
    harbour = Topic("harbour", LocalText("Harbour"), ("lights",))
    text = LocalText("The harbour lights.")
    facts = [replace(alike("visas"), topic=topic, text=text, id=at) for at, topic in enumerate((harbour, lights))]
    vocabulary = Vocabulary([harbour, lights])
    for order in (facts, facts[::-1]):
        found = verdict("harbour lights", *order, vocabulary=vocabulary)
        assert isinstance(found, Answered)
        assert found.fact.topic == lights


def test_within_one_topic_the_first_of_the_best_answers() -> None:
    first, second = replace(alike("visas"), key="first", id=71), replace(alike("visas"), key="second", id=72)
    assert answered("inspectors", first, second) == "first"
    assert answered("inspectors", second, first) == "second"


@pytest.mark.parametrize(
    "question", ["how many screenings were there in 2023?", "visa scrutiny", "percentage rise in screenings"]
)
def test_the_order_of_candidates_does_not_decide_between_topics(question: str) -> None:
    facts = [fact for fact in FACTS if fact != BRITISH]  # of the topic of another, which the order does decide
    assert verdict(question, *facts) == verdict(question, *reversed(facts))


def test_a_fact_that_has_the_word_itself_goes_before_one_whose_topic_has_it() -> None:
    own = replace(CHECKED, text=LocalText("A division examines visas with scrutiny."), key="own", id=30)
    assert answered("visa scrutiny", CHECKED, own) == "own"


def test_a_fact_that_has_the_very_word_goes_before_one_that_means_the_same() -> None:
    very = replace(CHECKED, text=LocalText("A division examines visas of maids."), key="very", id=30)
    assert answered("visas of maids", CHECKED, very) == "very"


def test_who_speaks_does_not_decide_between_facts() -> None:
    silent = replace(alike("visas"), statement=BY_HOME, text=LocalText("The inspectors met."), id=80)
    naming = replace(alike("code"), text=LocalText("The inspectors of the government met."), id=81)
    assert isinstance(verdict("inspectors of the government", silent, naming), Unclear)


def test_that_a_party_speaks_is_no_answer_by_itself() -> None:
    assert not_held("how did Washington respond?").why is not None
    assert answered("Washington and tier") == "placed"


def test_a_party_that_is_covered_makes_up_for_no_other_word() -> None:
    assert answered("did Washington rank zebras") is None
    assert answered("did Washington rank a tier of zebras") == "placed"


def test_where_a_person_is_asked_for_a_fact_that_names_one_goes_first() -> None:
    names = replace(alike("visas"), value=LocalText("inspectors"), key="names", id=90)
    plain = replace(alike("visas"), key="plain", id=91)
    assert answered("who met the master", plain, names) == "names"
    assert answered("met the master", plain, names) == "plain"


def test_where_a_trend_is_asked_for_a_fact_that_tells_a_change_goes_first() -> None:
    told = replace(SHARE, topic=SCREENINGS, key="told", id=95)
    assert answered("trend in screenings", COUNT, told) == "told"
    assert answered("screenings", COUNT, told) == "count"


def between(question: str, one: Topic, other: Topic) -> Topic | None:
    """The topic whose fact answers, of two facts that say the same and nothing of the question's first words."""
    facts = [replace(CHECKED, topic=topic, text=LocalText("Repaired."), id=at) for at, topic in enumerate((other, one))]
    found = verdict(question, *facts, vocabulary=Vocabulary([one, other]))
    return found.fact.topic if isinstance(found, Answered) else None


def test_a_name_of_the_topic_that_stands_whole_goes_before_the_words_of_several() -> None:
    whole = Topic("whole", LocalText("Whole"), ("harbour lights",))
    parts = Topic("parts", LocalText("Parts"), ("harbour walls", "street lights"), ("harbour", "lights"))
    assert between("harbour lights repaired", whole, parts) == whole


def test_a_word_of_a_name_of_the_topic_goes_before_an_everyday_one() -> None:
    named = Topic("named", LocalText("Named"), ("harbour walls",), ("harbour",))
    used = Topic("used", LocalText("Used"), (), ("harbour",))
    assert between("harbour repaired", named, used) == named


def test_the_topics_nearby_are_those_that_tell_most_and_at_most_three() -> None:
    assert not_held("how many unicorns were trained").near == (TRAINING,)
    assert not_held("zebra").near == ()
    assert len(not_held("unicorn visas, raids, tier, training, code of unicorns").near) == 3


def test_a_topic_is_near_by_what_its_facts_say_too() -> None:
    assert not_held("how many brothels").near == (VICE,)


def test_a_topic_named_outright_is_answered_by_its_first_fact_of_the_time_and_kind() -> None:
    older = replace(COUNT, period=Period("2021"), id=101)
    told = replace(COUNT, value=LocalText("many"), unit=None, id=102)
    assert of_topic(read("screenings 2023"), [told, older, COUNT], SCREENINGS) == Answered(told)
    assert of_topic(read("how many screenings 2023"), [told, older, COUNT], SCREENINGS) == Answered(COUNT)
    assert of_topic(read("screenings 2021"), [told, older, COUNT], SCREENINGS) == Answered(older)
    held = of_topic(read("how many screenings 2019"), [told, older, COUNT], SCREENINGS)
    assert held == NotHeld((SCREENINGS,), (older, COUNT))
