from collections.abc import Callable

import pytest
from click.testing import Result

from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import (
    Field,
    Form,
    FormErrors,
    FormInput,
    Kind,
    Message,
    Option,
    Reply,
    Request,
    Submit,
)

Command = Callable[..., Result]
SPEAKERS = (Option("hksar", "HKSAR Government"), Option("dos", "U.S. Department of State"))
SPEAKER = Field("speaker", "Speaker", "Who says it", required=True, options=SPEAKERS)
TITLE = Field("title", "Title", value="Untitled")
QUOTE = Field("quote", "Quotation", multiline=True)
NEXT, SAVE, MORE = Submit("next", "Next"), Submit("save", "Save"), Submit("more", "Add another fact")
DONE = Message(Kind.DONE, Document(Locale.EN, (Paragraph("Added as S19."),)))
CANCELLED = "Cancelled: nothing was changed."


def form(*fields: Field, submits: tuple[Submit, ...] = (NEXT,), step: str = "one") -> Form:
    said = Document(Locale.EN, (Paragraph("What stands above."),))
    return Form("add", step, "Add a statement", fields, submits, Locale.EN, carried="c1", document=said)


def sent(requests: list[Request]) -> list[FormInput]:
    return [request.form for request in requests if request.form]


def test_fields_are_asked_in_order_and_sent_back(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    replies += [form(SPEAKER, TITLE, QUOTE), DONE]
    result = command("console", typed="add\nhksar\nMy title\nline one\nline two\n\ntier\n")
    assert sent(requests) == [
        FormInput("add", "one", {"speaker": "hksar", "title": "My title", "quote": "line one\nline two"}, "next", "c1")
    ]
    assert requests[1].text == ""
    assert requests[1].locale is Locale.EN
    assert requests[1].once_key != requests[0].once_key
    assert requests[2].text == "tier"
    assert "Added as S19." in result.output


def test_a_form_explains_itself_before_it_asks(command: Command, replies: list[Reply]) -> None:
    replies += [form(SPEAKER, TITLE, QUOTE), DONE]
    output = command("console", typed="add\nhksar\n\n\n").output
    in_order = [
        "Add a statement\nWhat stands above.\n\n",
        ".cancel",
        ".clear",
        "Who says it\n1. HKSAR Government\n2. U.S. Department of State\nSpeaker: \n",
        "Title (optional) [Untitled]: \n",
        "an empty line ends them",
        "Quotation (optional): \n",
        "Added as S19.",
    ]
    places = [output.index(words) for words in in_order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("dos", "dos"), ("2", "dos"), ("u.s. department of STATE", "dos"), ("nobody", "nobody"), ("", "")],
)
def test_an_option_is_meant_by_value_number_or_label(
    command: Command, replies: list[Reply], requests: list[Request], typed: str, value: str
) -> None:
    replies += [form(SPEAKER), DONE]
    command("console", typed=f"add\n{typed}\n")
    assert sent(requests)[0].values == {"speaker": value}


@pytest.mark.parametrize(("typed", "value"), [("", "Untitled"), (".clear", ""), (" kept ", " kept ")])
def test_an_empty_answer_keeps_the_default_and_clear_empties_it(
    command: Command, replies: list[Reply], requests: list[Request], typed: str, value: str
) -> None:
    replies += [form(TITLE), DONE]
    command("console", typed=f"add\n{typed}\n")
    assert sent(requests)[0].values == {"title": value}


def test_a_default_option_is_shown_by_its_label(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    chosen = Field("speaker", "Speaker", value="dos", options=SPEAKERS)
    replies += [form(chosen), DONE]
    result = command("console", typed="add\n\n")
    assert "[U.S. Department of State]" in result.output
    assert sent(requests)[0].values == {"speaker": "dos"}


@pytest.mark.parametrize("typed", ["2", "more", "Add Another Fact", "\nwhat?\n2"])
def test_which_button_is_asked_where_there_are_several(
    command: Command, replies: list[Reply], requests: list[Request], typed: str
) -> None:
    replies += [form(TITLE, submits=(SAVE, MORE)), DONE]
    result = command("console", typed=f"add\nx\n{typed}\n")
    assert "1. Save\n2. Add another fact\n" in result.output
    assert sent(requests)[0].submit == "more"


def test_a_review_with_one_button_waits_for_enter(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    replies += [form(submits=(SAVE,)), DONE]
    result = command("console", typed="add\n\n")
    assert "Enter for “Save”" in result.output
    assert sent(requests)[0].submit == "save"


def test_answers_can_be_gone_through_again_before_a_button_is_pressed(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    replies += [form(TITLE, submits=(SAVE, MORE)), DONE]
    command("console", typed="add\nfirst\n.edit\nsecond\nsave\n")
    assert sent(requests) == [FormInput("add", "one", {"title": "second"}, "save", "c1")]


def test_only_the_fields_in_error_are_asked_again(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    typed = form(SPEAKER, Field("title", "Title", value="bad"), submits=(SAVE, MORE))
    replies += [form(SPEAKER, TITLE, submits=(SAVE, MORE)), FormErrors(typed, {"title": "Too short."}), DONE]
    result = command("console", typed="add\nhksar\nbad\nmore\nbetter\n")
    assert "Title: Too short.\n" in result.output
    assert sent(requests)[1].values["title"] == "better"
    assert sent(requests)[1].submit == "more"
    assert "Added as S19." in result.output


def test_an_empty_answer_empties_a_field_that_was_refused(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    refused = FormErrors(form(Field("link", "Link", value="nonsense")), {"link": "This is no web address."})
    replies += [form(Field("link", "Link")), refused, DONE]
    command("console", typed="add\nnonsense\n\n")
    assert [form.values["link"] for form in sent(requests)] == ["nonsense", ""]


def test_an_error_of_the_whole_form_asks_for_the_button_again(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    refused = FormErrors(form(Field("title", "Title", value="x")), {"": "The fact has changed since."})
    replies += [form(TITLE), refused, refused, DONE]
    result = command("console", typed="add\nx\n\n.edit\ny\nnext\n")
    assert result.output.count("The fact has changed since.") == 2
    assert [form.values["title"] for form in sent(requests)] == ["x", "x", "y"]


def test_forms_follow_one_another_until_a_message(
    command: Command, replies: list[Reply], requests: list[Request]
) -> None:
    replies += [form(TITLE), form(QUOTE, step="two"), form(submits=(SAVE, MORE), step="review"), DONE]
    result = command("console", typed="add\nt\nq\n\nsave\n")
    assert [form.step for form in sent(requests)] == ["one", "two", "review"]
    assert result.output.count(".cancel") == 1


@pytest.mark.parametrize("typed", [".cancel\ntier\n", "hksar\n.cancel\ntier\n", "hksar\nline\n.cancel\ntier\n"])
def test_a_form_can_be_cancelled_at_any_prompt(
    command: Command, replies: list[Reply], requests: list[Request], typed: str
) -> None:
    replies.append(form(SPEAKER, QUOTE, submits=(SAVE, MORE)))
    result = command("console", typed=f"add\n{typed}")
    assert CANCELLED in result.output
    assert [request.text for request in requests] == ["add", "tier"]


def test_the_end_of_the_input_cancels_a_form(command: Command, replies: list[Reply], requests: list[Request]) -> None:
    replies.append(form(SPEAKER))
    result = command("console", typed="add\n")
    assert result.exit_code == 0
    assert CANCELLED in result.output
    assert not sent(requests)
