"""Forms as Discord modals and the messages between them: what a person sees, what comes back, how nothing is lost."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from discord_filling import inputs, sent
from discord_texts import shown
from servers.discord_limits import faults
from snapshots import matches

from adapters.discord.components import Press
from adapters.discord.drafts import Draft, read, sent_by, write
from adapters.discord.form_pages import draft_of, form_pages, next_page, refusal_pages, refused_draft
from adapters.discord.modals import modal, taken
from adapters.discord.pages import Page
from adapters.discord.text_page import as_text
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, Heading, Paragraph
from bot.messages.exchange import Field, Form, FormErrors, Option, Submit

TOKEN = "t" * 22
NEXT, MORE, CANCEL = Submit("next", "Next: its facts"), Submit("another", "Add another"), Submit("cancel", "Cancel")
TEXT = Field("text", "Fact", "One attributed sentence", required=True, max_length=1_000)
QUOTE = Field("quote", "Quotation", "The source’s exact words", "a quote", multiline=True)
RHYTHM = Field(
    "rhythm", "On", value="daily", options=(Option("daily", "every day"), Option("", "never"), Option("weekly", "Mon"))
)
NINE = tuple(Field(f"field{number}", f"Field {number}") for number in range(9))
ABOVE = Document(Locale.EN, (Heading("Fact 1"), Paragraph("Speakers held: HKSAR Government")))


def form(*fields: Field, submits: tuple[Submit, ...] = (NEXT,), **parts: Any) -> Form:  # noqa: ANN401 (a Form's own)
    return Form(
        **{"command": "add", "step": "fact", "title": "Fact 1", "locale": Locale.EN} | parts,
        fields=fields,
        submits=submits,
    )


def shown_modal(asked: Form) -> dict[str, Any]:
    """The first modal of a form, which Discord takes."""
    made = modal(draft_of(asked), TOKEN)
    assert faults(made, "modal") == []
    return made


def inside(made: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: label["component"] for name, label in inputs(made).items()}


def fill(draft: Draft, **typed: str) -> Draft:
    """The draft after all its modals were sent, each with what of this it asks for."""
    while not draft.is_filled_in:
        made = modal(draft, TOKEN)
        assert faults(made, "modal") == []
        draft = taken(draft, sent(made, **typed))
    return draft


def labels(page: Page) -> list[tuple[Press, str]]:
    return [(button.kind, button.label) for button in page.buttons]


def test_a_form_looks_as_it_did() -> None:
    matches("form.json", shown_modal(form(TEXT, QUOTE, RHYTHM, submits=(NEXT, MORE, CANCEL), document=ABOVE)))


@pytest.mark.filterwarnings("ignore:'audioop' is deprecated:DeprecationWarning")
async def test_a_modal_is_what_discord_py_makes_of_the_same_form() -> None:
    import discord  # noqa: PLC0415 (it loads audioop, of which Python warns)

    made = shown_modal(form(TEXT, QUOTE, RHYTHM, document=ABOVE))
    theirs = discord.ui.Modal(title="Fact 1", custom_id=f"form:0:~{TOKEN}")
    theirs.add_item(discord.ui.TextDisplay("### Fact 1\nSpeakers held: HKSAR Government"))
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="text", required=True, max_length=1_000)
    theirs.add_item(discord.ui.Label(text="Fact", description="One attributed sentence", component=text))
    style = discord.TextStyle.paragraph
    quote: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="quote", style=style, required=False, max_length=3_000, default="a quote"
    )
    theirs.add_item(discord.ui.Label(text="Quotation", description="The source’s exact words", component=quote))
    options = [
        discord.SelectOption(label="every day", value="=daily", default=True),
        discord.SelectOption(label="never", value="="),
        discord.SelectOption(label="Mon", value="=weekly"),
    ]
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id="rhythm", options=options, required=False, min_values=0, max_values=1
    )
    theirs.add_item(discord.ui.Label(text="On", component=menu))
    assert holds(theirs.to_dict(), made)


def holds(whole: object, part: object) -> bool:
    """Whether all that stands in the part stands in the whole, which may say more."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(name in whole and holds(whole[name], each) for name, each in part.items())
    if isinstance(whole, list) and isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return whole == part


def test_the_messages_between_modals_look_as_they_did() -> None:
    asked = form(*NINE, document=ABOVE)
    refusal = FormErrors(asked, {"field7": "This is <not> in the source.", "": "F12 was changed."})
    pages = (
        *form_pages(asked, draft_of(asked)),
        next_page(taken(draft_of(asked), {})),
        *refusal_pages(refusal, refused_draft(refusal, draft_of(asked))),
        *form_pages(
            form(submits=(Submit("confirm", "Add it"), CANCEL), title="Review", document=ABOVE), draft_of(form())
        ),
    )
    for page in pages:
        assert faults(page.message({button.state: TOKEN for button in page.buttons}), "reply") == []
    matches("form_pages.json", [page.message({button.state: TOKEN for button in page.buttons}) for page in pages])


def test_what_a_form_carries_and_its_key_come_back_untouched() -> None:
    draft = draft_of(form(TEXT, carried='{"a": "<&>\\ud800"}', document=ABOVE), "interaction")
    assert read(write(draft)) == draft
    assert (draft.sent.carried, draft.key) == ('{"a": "<&>\\ud800"}', "interaction")


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"form": {}}', '{"form": {"locale": "xx"}}'])
def test_what_is_no_draft_is_told_apart(text: str) -> None:
    assert read(text) is None


def test_a_modal_says_under_which_token_its_draft_is_parked() -> None:
    assert shown_modal(form(TEXT))["custom_id"] == f"form:0:~{TOKEN}"


def test_the_only_way_to_send_a_form_needs_no_choice() -> None:
    asked = form(TEXT, submits=(NEXT, CANCEL))
    assert list(inputs(shown_modal(asked))) == ["text"]
    assert fill(draft_of(asked), text="typed").sent.submit == "next"


def test_several_ways_to_send_a_form_are_a_menu_with_the_first_one_chosen() -> None:
    asked = form(TEXT, submits=(NEXT, MORE, CANCEL))
    assert list(inputs(shown_modal(asked))) == ["text", "submit"]
    assert fill(draft_of(asked), text="typed").sent.submit == "next"
    found = fill(draft_of(asked), text="typed", submit="Add another").sent
    assert (found.submit, found.values) == ("another", {"text": "typed"})


def test_a_field_says_whether_it_is_needed_and_how_long_it_may_be() -> None:
    made = shown_modal(form(TEXT, QUOTE))
    assert [(each["label"], each["description"]) for each in inputs(made).values()] == [
        ("Fact", "One attributed sentence"),
        ("Quotation", "The source’s exact words"),
    ]
    assert inside(made)["text"] == {"type": 4, "custom_id": "text", "style": 1, "required": True, "max_length": 1_000}
    assert inside(made)["quote"] == {
        "type": 4,
        "custom_id": "quote",
        "style": 2,
        "required": False,
        "max_length": 3_000,
        "value": "a quote",
    }


def test_a_field_that_holds_lines_has_room_for_them() -> None:
    assert inside(shown_modal(form(replace(TEXT, value="one\ntwo"))))["text"]["style"] == 2


def test_a_value_longer_than_the_field_takes_is_shown_all_the_same() -> None:
    element = inside(shown_modal(form(replace(TEXT, value="a" * 3_900))))["text"]
    assert (element["value"], element["max_length"]) == ("a" * 3_900, 3_900)


def test_a_value_longer_than_discord_takes_is_left_out_and_the_hint_says_so() -> None:
    made = shown_modal(form(replace(QUOTE, value="a" * 4_001)))
    assert "value" not in inside(made)["quote"]
    assert inputs(made)["quote"]["description"].startswith("Too long to be shown here. Sent empty, it is removed")


def test_options_are_a_menu_and_come_back_as_their_values_the_empty_one_too() -> None:
    element = inside(shown_modal(form(RHYTHM)))["rhythm"]
    assert element["type"] == 3
    assert [option.get("default", False) for option in element["options"]] == [True, False, False]
    for label, value in (("every day", "daily"), ("never", ""), ("Mon", "weekly")):
        assert fill(draft_of(form(RHYTHM)), rhythm=label).sent.values == {"rhythm": value}


def test_a_menu_that_may_be_left_is_read_as_empty() -> None:
    asked = form(replace(RHYTHM, value=""), replace(RHYTHM, name="other", value="", required=True))
    made = inside(shown_modal(form(replace(RHYTHM, value="none"), asked.fields[1])))
    assert [(each["min_values"], each["required"]) for each in made.values()] == [(0, False), (1, True)]
    assert fill(draft_of(form(replace(RHYTHM, value="none")))).sent.values == {"rhythm": ""}


@pytest.mark.parametrize(
    "options",
    [tuple(Option(f"v{number}", "label") for number in range(26)), (Option("v" * 200, "label"), Option("v1", "one"))],
)
def test_options_that_no_menu_holds_are_written(options: tuple[Option, ...]) -> None:
    made = shown_modal(form(replace(RHYTHM, options=options)))
    assert inside(made)["rhythm"]["type"] == 4
    assert inputs(made)["rhythm"]["description"].startswith("Write one of: v")


def test_a_long_title_or_label_is_cut_and_a_label_whole_below() -> None:
    label = "What the source says of the period before this one"
    made = shown_modal(form(replace(TEXT, label=label), title="Forget all of the unanswered questions of last year"))
    assert made["title"] == "Forget all of the unanswered questions of…"
    assert inputs(made)["text"]["label"] == "What the source says of the period before…"
    assert inputs(made)["text"]["description"] == f"{label} One attributed sentence"


def test_what_stands_above_a_form_is_shown_where_there_is_room() -> None:
    made = shown_modal(form(TEXT, QUOTE, document=ABOVE))
    assert made["components"][0] == {"type": 10, "content": "### Fact 1\nSpeakers held: HKSAR Government"}


def test_where_there_is_none_it_is_said_in_the_first_field_while_that_is_empty_and_in_no_other() -> None:
    made = shown_modal(form(*NINE[:5], document=ABOVE))
    assert [each["type"] for each in made["components"]] == [18] * 5
    assert [each.get("placeholder") for each in inside(made).values()] == [
        "Fact 1 Speakers held: HKSAR Government",
        *[None] * 4,
    ]
    again = shown_modal(form(replace(QUOTE, name="first"), *NINE[:4], document=ABOVE))
    assert "value" in inside(again)["first"]
    assert not any("placeholder" in each for each in inside(again).values())


def test_what_stands_above_a_form_is_cut_where_it_is_long() -> None:
    blocks = tuple(Paragraph(f"Paragraph {number}.") for number in range(500))
    content = shown_modal(form(TEXT, document=Document(Locale.EN, blocks)))["components"][0]["content"]
    assert content.startswith("Paragraph 0.")
    assert content.endswith("\n\n-# There is more than fits here.")


def test_choices_above_a_form_are_lines_to_type() -> None:
    document = Document(Locale.EN, (Paragraph("Done."), Choices((Choice("Show it", "statement S3"),))))
    content = shown_modal(form(TEXT, document=document))["components"][0]["content"]
    assert shown(content) == "Done.\n\n**Show it:** /tipfacts statement S3"


def test_a_form_too_long_for_one_modal_goes_on_in_another() -> None:
    asked = form(*NINE, submits=(NEXT, MORE))
    draft = draft_of(asked)
    first = modal(draft, TOKEN)
    assert first["title"] == "Fact 1 (1 of 2)"
    assert list(inputs(first)) == [f"field{number}" for number in range(5)]
    draft = taken(draft, sent(first, field0="typed"))
    assert not draft.is_filled_in
    assert labels(next_page(draft)) == [(Press.FORM, "Part 2")]
    second = modal(draft, TOKEN)
    assert second["title"] == "Fact 1 (2 of 2)"
    assert list(inputs(second)) == [*(f"field{number}" for number in range(5, 9)), "submit"]
    draft = taken(draft, sent(second, field8="too", submit="Add another"))
    assert draft.is_filled_in
    assert draft.sent.submit == "another"
    assert {name: text for name, text in draft.sent.values.items() if text} == {"field0": "typed", "field8": "too"}


def test_a_form_with_five_fields_is_one_modal_whatever_stands_above_it() -> None:
    assert draft_of(form(*NINE[:5], document=ABOVE)).steps == (0,)
    assert draft_of(form(*NINE[:5], submits=(NEXT, MORE))).steps == (0, 1)
    assert draft_of(form(*NINE, document=ABOVE)).steps == (0, 1)


def test_a_refusal_keeps_what_was_typed_and_opens_only_the_modal_that_is_wrong() -> None:
    asked = form(*NINE, submits=(NEXT, MORE), carried="kept")
    before = fill(draft_of(asked, "key"), field0="first", field7="wrong", submit="Add another")
    filled = tuple(replace(field, value=before.sent.values[field.name]) for field in NINE)
    refusal = FormErrors(replace(asked, fields=filled), {"field7": "This is *not* so."})
    draft = refused_draft(refusal, before)
    [page] = refusal_pages(refusal, draft)
    assert shown(page.text) == "**Field 7:** This is *not* so.\n\n-# What you typed is kept."
    assert labels(page) == [(Press.FORM, "Edit again")]
    again = modal(draft, TOKEN)
    assert again["title"] == "Fact 1 (2 of 2)"
    assert inside(again)["field7"]["value"] == "wrong"
    mended = taken(draft, sent(again, field7="right"))
    assert mended.is_filled_in
    assert (mended.sent.submit, mended.key, mended.sent.carried) == ("another", "key", "kept")
    assert {name: text for name, text in mended.sent.values.items() if text} == {"field0": "first", "field7": "right"}


def test_a_refusal_of_the_whole_opens_the_whole_again() -> None:
    refusal = FormErrors(form(*NINE), {"": "F12 was changed meanwhile."})
    draft = refused_draft(refusal, draft_of(form(*NINE)))
    assert draft.steps == (0, 1)
    assert refusal_pages(refusal, draft)[0].text.startswith("F12 was changed meanwhile.")


def test_a_refusal_without_a_word_says_that_there_is_one() -> None:
    refusal = FormErrors(form(TEXT), {"text": " \0"})
    [page] = refusal_pages(refusal, refused_draft(refusal, draft_of(form(TEXT))))
    assert page.text.startswith("This cannot be sent as it is.")


def test_a_form_that_cannot_be_opened_now_has_a_button_that_opens_it() -> None:
    asked = form(TEXT, document=Document(Locale.EN, (Paragraph("Speakers held: HKSAR Government"),)))
    [page] = form_pages(asked, draft_of(asked))
    assert shown(page.text) == (
        "### Fact 1\nSpeakers held: HKSAR Government\n\n-# Press the button to fill in the form."
    )
    assert labels(page) == [(Press.FORM, "Fact 1")]
    assert read(page.buttons[0].state) == draft_of(asked)


def test_a_draft_alone_says_what_stood_above_its_form() -> None:
    draft = draft_of(form(TEXT, document=ABOVE))
    assert form_pages(draft.form, draft)[0].text == form_pages(form(TEXT, document=ABOVE), draft)[0].text
    assert form_pages(form(TEXT), draft_of(form(TEXT)))[0].text.startswith("### Fact 1\n-# Press the button")


def test_a_form_without_fields_is_a_message_with_a_button_for_each_way_to_send_it() -> None:
    asked = form(submits=(Submit("confirm", "Add it"), MORE, CANCEL), title="Review", document=ABOVE, carried="kept")
    [page] = form_pages(asked, draft_of(asked, "key"))
    assert labels(page) == [(Press.SUBMIT, "Add it"), (Press.SUBMIT, "Add another"), (Press.SUBMIT, "Cancel")]
    assert len({button.state for button in page.buttons}) == 1
    draft = read(page.buttons[0].state)
    assert draft is not None
    assert [sent_by(draft, button.page).sent.submit for button in page.buttons] == ["confirm", "another", "cancel"]
    assert (sent_by(draft, 0).sent.carried, sent_by(draft, 0).key) == ("kept", "key")
    assert sent_by(draft, 9).sent.submit == ""


def test_a_long_review_has_its_buttons_at_the_end() -> None:
    blocks = tuple(Paragraph(f"Sentence {number}. " * 40) for number in range(30))
    pages = form_pages(form(document=Document(Locale.EN, blocks)), draft_of(form()))
    assert len(pages) > 1
    assert [len(page.buttons) for page in pages] == [0] * (len(pages) - 1) + [1]


def test_a_review_that_is_refused_is_shown_again_under_what_is_wrong() -> None:
    asked = form(submits=(Submit("confirm", "Add it"), CANCEL), title="Review", document=ABOVE)
    refusal = FormErrors(asked, {"": "Changed meanwhile."})
    [page] = refusal_pages(refusal, refused_draft(refusal, draft_of(asked)))
    assert page.text.startswith("Changed meanwhile.\n\n### Fact 1")
    assert [press for press, _ in labels(page)] == [Press.SUBMIT, Press.SUBMIT]


def test_a_form_told_as_text_alone_says_what_is_wrong_with_it_and_what_it_is_about() -> None:
    refusal = FormErrors(form(TEXT), {"text": "This is *not* so."})
    [page] = refusal_pages(refusal, refused_draft(refusal, draft_of(form(TEXT))))
    assert shown(as_text(page).text) == f"**{TEXT.label}:** This is *not* so.\n\n-# What you typed is kept."
    draft = draft_of(form(TEXT, document=ABOVE))
    assert "Speakers held: HKSAR Government" in as_text(form_pages(draft.form, draft)[0]).text


def test_what_discord_sends_without_values_reads_as_empty() -> None:
    draft = draft_of(form(replace(TEXT, value="held")))
    assert taken(draft, {}).sent.values == {"text": "held"}
    nothing = {"components": [{"type": 18, "component": {"type": 4, "custom_id": "text", "value": None}}, {"type": 18}]}
    assert taken(draft, nothing).sent.values == {"text": ""}
    row = {"components": [{"type": 1, "components": [{"type": 4, "custom_id": "text", "value": "typed"}]}]}
    assert taken(draft, row).sent.values == {"text": "typed"}
    menu = {"components": [{"type": 18, "component": {"type": 3, "custom_id": "text", "values": []}}]}
    assert taken(draft, menu).sent.values == {"text": ""}
