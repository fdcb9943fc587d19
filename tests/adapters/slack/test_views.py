"""Forms and messages as Slack views: what a person sees, what comes back, and where a refusal is told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from documents import every_kind
from filling import inputs, sent
from servers.slack_limits import faults
from servers.slack_parts import texts_in
from snapshots import matches

from adapters.slack.views import (
    CALLBACK,
    error_text,
    form_errors,
    home_view,
    message_view,
    modal,
    read_view,
    waiting_view,
)
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, Entries, Entry, Heading, Paragraph
from bot.messages.exchange import Field, Form, FormErrors, Option, Submit

NEXT, MORE, CANCEL = Submit("next", "Next: its facts"), Submit("another", "Add another"), Submit("cancel", "Cancel")
TEXT = Field("text", "Fact", "One attributed sentence", required=True, max_length=1_000)
QUOTE = Field("quote", "Quotation", "The source’s exact words", "a quote", multiline=True)
RHYTHM = Field(
    "rhythm", "On", value="daily", options=(Option("daily", "every day"), Option("", "never"), Option("weekly", "Mon"))
)


def form(*fields: Field, submits: tuple[Submit, ...] = (NEXT,), **parts: Any) -> Form:  # noqa: ANN401 (a Form's own)
    return Form(
        **{"command": "add", "step": "fact", "title": "Fact 1", "locale": Locale.EN} | parts,
        fields=fields,
        submits=submits,
    )


def elements(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: block["element"] for name, block in inputs(view).items()}


def test_a_form_looks_as_it_did() -> None:
    document = Document(Locale.EN, (Heading("Fact 1"), Paragraph("Speakers held: HKSAR Government")))
    view = modal(form(TEXT, QUOTE, RHYTHM, submits=(NEXT, MORE, CANCEL), document=document), "carried & kept", "Look!")
    assert faults(view) == []
    matches("form.json", view)


def test_a_message_in_a_modal_and_the_home_tab_look_as_they_did() -> None:
    closing = message_view(every_kind(), "Withdraw F12", Locale.EN)
    home = home_view(every_kind())
    assert [faults(closing), faults(home)] == [[], []]
    matches("message_view.json", closing)
    matches("home.json", home)


def test_what_a_form_carries_comes_back_untouched() -> None:
    assert modal(form(TEXT), '{"a": "<&>"}')["private_metadata"] == '{"a": "<&>"}'


def test_the_only_way_to_send_a_form_is_its_button() -> None:
    view = modal(form(TEXT, submits=(NEXT, CANCEL)), "")
    assert view["submit"]["text"] == "Next: its facts"
    assert view["close"]["text"] == "Cancel"
    assert list(inputs(view)) == ["text"]
    assert read_view(sent(view, text="typed")) == ({"text": "typed"}, "next")


def test_several_ways_to_send_a_form_are_a_choice_with_the_first_one_chosen() -> None:
    view = modal(form(TEXT, submits=(NEXT, MORE, CANCEL)), "")
    assert view["submit"]["text"] == "Continue"
    assert list(inputs(view)) == ["text", "submit"]
    assert read_view(sent(view, text="typed")) == ({"text": "typed"}, "next")
    assert read_view(sent(view, submit="Add another")) == ({"text": ""}, "another")


def test_a_form_without_fields_is_only_confirmed() -> None:
    view = modal(form(submits=(Submit("confirm", "Forget them all"), CANCEL)), "")
    assert faults(view) == []
    assert read_view(sent(view)) == ({}, "confirm")


def test_every_callback_begins_alike() -> None:
    views = (modal(form(TEXT), ""), modal(form(TEXT, submits=(NEXT, MORE)), ""))
    assert [view["callback_id"].startswith(CALLBACK) for view in views] == [True, True]


def test_each_step_has_inputs_of_its_own_since_slack_keeps_what_was_typed_in_the_same_ones() -> None:
    first, second = modal(form(TEXT), ""), modal(form(TEXT, title="Fact 2", carried="{}"), "")
    again = modal(form(replace(TEXT, value="typed")), "")
    assert list(inputs(first)) == list(inputs(second)) == ["text"]
    assert elements(first)["text"]["action_id"] != elements(second)["text"]["action_id"]
    assert elements(first)["text"]["action_id"] == elements(again)["text"]["action_id"]


def test_a_field_says_whether_it_is_needed_and_how_long_it_may_be() -> None:
    found = inputs(modal(form(TEXT, QUOTE), ""))
    assert [found["text"]["optional"], found["quote"]["optional"]] == [False, True]
    assert found["text"]["hint"]["text"] == "One attributed sentence"
    assert found["text"]["element"]["max_length"] == 1_000
    assert "initial_value" not in found["text"]["element"]
    assert found["quote"]["element"] | {"action_id": ""} == {
        "type": "plain_text_input",
        "action_id": "",
        "multiline": True,
        "max_length": 3_000,
        "initial_value": "a quote",
    }


def test_a_field_that_holds_lines_has_room_for_them() -> None:
    assert elements(modal(form(replace(TEXT, value="one\ntwo")), ""))["text"]["multiline"] is True


def test_a_value_longer_than_the_field_takes_is_shown_all_the_same() -> None:
    long = "a" * 1_500
    element = elements(modal(form(replace(TEXT, value=long)), ""))["text"]
    assert (element["initial_value"], element["max_length"]) == (long, 1_500)


def test_a_value_longer_than_slack_takes_is_left_out_and_the_hint_says_so() -> None:
    block = inputs(modal(form(replace(QUOTE, value="a" * 3_412)), ""))["quote"]
    assert "initial_value" not in block["element"]
    assert block["hint"]["text"].startswith("The source’s exact words What is held has 3,412 characters")


def test_options_are_a_menu_and_come_back_as_their_values_the_empty_one_too() -> None:
    view = modal(form(RHYTHM), "")
    element = elements(view)["rhythm"]
    assert element["type"] == "static_select"
    assert element["initial_option"]["text"]["text"] == "every day"
    for label, value in (("every day", "daily"), ("never", ""), ("Mon", "weekly")):
        assert read_view(sent(view, rhythm=label)) == ({"rhythm": value}, "next")


@pytest.mark.parametrize(
    "options",
    [tuple(Option(f"v{number}", "label") for number in range(101)), (Option("v" * 200, "label"), Option("v1", "one"))],
)
def test_options_that_no_menu_holds_are_written(options: tuple[Option, ...]) -> None:
    view = modal(form(replace(RHYTHM, options=options)), "")
    assert faults(view) == []
    assert elements(view)["rhythm"]["type"] == "plain_text_input"
    assert "v1" in inputs(view)["rhythm"]["hint"]["text"]


def test_a_long_title_is_cut_above_and_whole_below() -> None:
    view = modal(form(submits=(NEXT,), title="Forget all unanswered questions"), "")
    assert view["title"]["text"] == "Forget all unanswered…"
    assert view["blocks"][0]["text"]["text"] == "Forget all unanswered questions"


def test_what_stands_above_a_form_is_cut_before_its_fields_are() -> None:
    blocks = tuple(Paragraph(f"Paragraph {number}.") for number in range(200))
    view = modal(form(TEXT, QUOTE, document=Document(Locale.EN, blocks)), "")
    assert faults(view) == []
    assert len(view["blocks"]) == 100
    assert list(inputs(view)) == ["text", "quote"]
    assert "There is more than fits here." in list(texts_in(view["blocks"][:98]))[-1]


def test_choices_above_a_form_or_in_a_closing_message_are_lines_to_type() -> None:
    document = Document(Locale.EN, (Paragraph("Done."), Choices((Choice("Show it", "statement S3"),))))
    for view in (modal(form(TEXT, document=document), ""), message_view(document, "Add", Locale.EN)):
        assert "Show it: /tipfacts statement S3" in list(texts_in(view["blocks"]))
        assert "actions" not in [block["type"] for block in view["blocks"]]


def test_choices_on_the_home_tab_are_buttons() -> None:
    document = Document(Locale.EN, (Choices((Choice("Topics", "topics"),)),))
    assert home_view(document)["blocks"][0]["elements"][0]["value"] == '{"q":"topics"}'


def test_a_home_tab_of_many_entries_stays_within_what_slack_takes() -> None:
    entries = Entries(tuple(Entry(f"term {number}", "meaning " * 40) for number in range(500)))
    view = home_view(Document(Locale.EN, (Heading("All"), entries)))
    assert faults(view) == []
    assert view["blocks"][-1]["elements"][0]["text"] == "There is more than fits here."


def test_refusals_are_told_at_their_fields() -> None:
    refusal = FormErrors(form(TEXT, QUOTE), {"quote": "It is <not> in the source.", "text": "This is needed."})
    assert form_errors(refusal) == {
        "response_action": "errors",
        "errors": {"quote": "It is <not> in the source.", "text": "This is needed."},
    }


def test_what_belongs_to_no_field_is_told_at_the_first() -> None:
    refusal = FormErrors(form(TEXT, QUOTE), {"text": "This is needed.", "": "F12 was changed.", "gone": "What?"})
    assert form_errors(refusal)["errors"] == {"text": "This is needed. F12 was changed. What?"}


def test_a_form_without_fields_closes_on_what_is_wrong() -> None:
    answer = form_errors(FormErrors(form(title="Review"), {"": "Changed meanwhile."}))
    assert faults(answer) == []
    assert answer["response_action"] == "update"
    assert list(texts_in(answer["view"]["blocks"])) == ["Changed meanwhile."]


def test_refusals_of_another_step_stand_above_its_form_with_the_names_of_the_fields() -> None:
    refusal = FormErrors(form(TEXT, QUOTE), {"": "F12 was changed.", "quote": "Not in the source."})
    view = modal(refusal.form, "", error_text(refusal))
    assert view["blocks"][0]["text"]["text"] == "F12 was changed.\nQuotation: Not in the source."


def test_what_slack_sends_without_values_reads_as_empty() -> None:
    assert read_view({}) == ({}, "")
    assert read_view({"callback_id": None, "state": {"values": {"text": {"a": {"value": None}}}}}) == ({"text": ""}, "")
    assert read_view({"state": {"values": {"submit": {"a": {"selected_option": None}}}}}) == ({}, "")


def test_waiting_is_said() -> None:
    assert [faults(waiting_view(locale)) for locale in Locale] == [[], []]
