"""Buttons under a Discord message: what stands on them, in which rows, and what a press finds again."""

import pytest
from documents import every_kind

from adapters.discord.components import Button, Carried, Press, components, parked_id, read_id, read_state, to_park
from adapters.discord.embeds import Page, for_digest, paged, pages, render
from bot.domain.text import Locale
from bot.messages.document import Block, Choice, Choices, Document, Paragraph

TOKEN = "t" * 22


def document(*blocks: Block) -> Document:
    return Document(Locale.EN, blocks)


def custom_ids(page: Page) -> list[str]:
    return [button["custom_id"] for row in page.components for button in row["components"]]


def test_choices_are_buttons_that_carry_what_to_ask() -> None:
    page = render(every_kind(), query="x")
    assert custom_ids(page) == ["choice:0:= history screenings", "choice:1:= tier"]
    assert [read_id(each) for each in custom_ids(page)] == [
        Carried(Press.CHOICE, 0, " history screenings"),
        Carried(Press.CHOICE, 1, " tier"),
    ]
    assert read_state(" history screenings") == ("", "history screenings")


def test_the_same_choice_twice_is_two_buttons() -> None:
    page = render(document(Paragraph("x"), Choices((Choice("One", "one"), Choice("Two", "one")))), query="x")
    assert custom_ids(page) == ["choice:0:= one", "choice:1:= one"]


def test_many_choices_stand_in_rows_and_on_pages() -> None:
    options = tuple(Choice(f"Topic {number}", f"topic {number}") for number in range(1, 61))
    found = pages(document(Paragraph("Which?"), Choices(options)))
    assert [[len(row["components"]) for row in page.components] for page in found] == [[5] * 4] * 3
    page = paged(found, 1, "which", TOKEN)
    assert [len(row["components"]) for row in page.components] == [5, 5, 5, 5, 2]


def test_a_long_label_is_cut_on_the_button_and_whole_in_the_text() -> None:
    label = "Which of the two figures do you mean, the one of the government or that of the report?"
    page = render(document(Choices((Choice(label, "tier"),))), query="x")
    [row] = page.components
    assert row["components"][0]["label"] == f"{label[: label.index(' report')]}…"
    assert page.text == f"- {label}"


def test_what_is_too_long_for_a_custom_id_is_parked_and_found_again() -> None:
    query = "how many " * 12
    page = render(document(Paragraph("x"), Choices((Choice("Ask", query),))), query=query, share_token=TOKEN)
    state, shared = to_park(page.buttons)
    assert [read_state(state), read_state(shared)] == [("", query.strip()), (TOKEN, query.strip())]
    assert page.components == []
    [row] = page.message({state: "parked1", shared: "parked2"})["components"]
    found = [read_id(button["custom_id"]) for button in row["components"]]
    assert found == [Carried(Press.CHOICE, 0, None, "parked1"), Carried(Press.SHARE, 0, None, "parked2")]


def test_a_line_that_a_custom_id_may_not_hold_is_parked() -> None:
    assert to_park([Button("a", Press.CHOICE, "one\ntwo"), Button("a", Press.CHOICE, "one")]) == (" one\ntwo",)


def test_what_others_may_press_is_typed_where_no_button_holds_it() -> None:
    query = "how many " * 12
    found = document(Paragraph("x"), Choices((Choice("Ask", query), Choice("Two", "two"))))
    for page in (for_digest(found), *pages(found, can_park=False)):
        assert page.text == f"x\n\n**Ask:** /tipfacts {query.strip()}"
        assert custom_ids(page) == ["choice:0:= two"]


@pytest.mark.parametrize(
    "custom_id", ["", "choice", "choice:1", "choice:1:x", "other:1:=x", "choice:x:=x", "choice:٣:=x"]
)
def test_what_is_none_of_our_buttons_is_told_apart(custom_id: str) -> None:
    assert read_id(custom_id) is None


def test_a_parked_modal_is_found_again() -> None:
    assert read_id(parked_id(Press.FORM, TOKEN)) == Carried(Press.FORM, 0, None, TOKEN)


def test_no_button_without_its_token() -> None:
    button = Button("a", Press.FORM, "x" * 200)
    assert components([button]) == []
    assert len(components([button], {button.state: TOKEN})) == 1


def test_sharing_carries_the_question_and_stands_beside_the_choices() -> None:
    page = render(every_kind(), query="screenings", share_token=TOKEN)
    assert custom_ids(page)[-1] == f"share:0:={TOKEN} screenings"
    assert len(page.components) == 1
    assert "share" not in "".join(custom_ids(render(every_kind(), query="screenings")))


def test_pages_are_turned_by_buttons_that_ask_anew() -> None:
    found = document(Paragraph("Long sentence. " * 2_000))
    count = len(pages(found))
    turning = [custom_ids(render(found, query="log", page=at)) for at in range(count)]
    assert turning[0] == ["page:1:= log"]
    assert turning[1] == ["page:0:= log", "page:2:= log"]
    assert turning[-1] == [f"page:{count - 2}:= log"]
    assert render(found, query="log", page=1).embeds[-1]["footer"] == {"text": f"Page 2 of {count}"}
    assert custom_ids(render(found, query="log", share_token=TOKEN)) == [
        f"page:1:={TOKEN} log",
        f"share:0:={TOKEN} log",
    ]


def test_a_page_without_embeds_says_under_its_text_which_one_it_is() -> None:
    options = tuple(Choice(f"Topic {number}", f"topic {number}") for number in range(30))
    page = render(document(Paragraph("Which?"), Choices(options)), query="which")
    assert page.text == "Which?\n-# Page 1 of 2"


def test_a_page_that_is_no_more_is_the_nearest_there_is() -> None:
    found = document(Paragraph("Long sentence. " * 2_000))
    last = render(found, query="log", page=len(pages(found)) - 1)
    assert render(found, query="log", page=99) == last
    assert render(found, query="log", page=-1) == render(found, query="log")
    assert paged(pages(found), 99, "log") == last


def test_pages_of_what_cannot_be_asked_again_have_no_buttons() -> None:
    found = document(Paragraph("Long sentence. " * 2_000))
    assert custom_ids(render(found, query="", share_token=TOKEN)) == []
    assert [custom_ids(page) for page in pages(found)] == [[]] * len(pages(found))
