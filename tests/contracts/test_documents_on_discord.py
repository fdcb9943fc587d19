"""Whatever a Document or Form says, Discord takes it: within its limits, in both languages, and mentioning nobody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord_filling import inputs, sent
from discord_texts import HOSTILE, labels_in, live, shown, texts, texts_in
from documents import documents, every_kind, forms, many_lines, refused_forms
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from library import CONSOLE, MONDAY, SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021, Desk, Recorder
from seeded import seeded
from servers.discord_description import ABSENT, Description
from servers.discord_limits import faults, manners

from adapters.discord.components import Press, read_id, read_state, to_park
from adapters.discord.drafts import Draft, read, sent_by, write
from adapters.discord.embeds import Page, for_digest, pages, render
from adapters.discord.escape import escape
from adapters.discord.form_pages import draft_of, form_pages, next_page, refusal_pages, refused_draft
from adapters.discord.modals import modal, taken
from adapters.discord.text_page import as_text
from bot.commands.grammar import MAX_LINE
from bot.commands.table import COMMANDS
from bot.domain.text import Locale
from bot.messages.document import Document, FactCard
from bot.messages.exchange import Form, FormErrors, FormInput, Message, Reply
from bot.messages.visible import visible

# Such documents are shrunk for minutes and explained on many pages: a failure names its seed instead.
SLOW = settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TOKEN = "t" * 22  # as long as the store makes them
NONCE = "n" * 25
MENTION = re.compile(r"@(?:everyone|here)|<[@#][!&]?\d")
MESSAGE = ("POST", "/channels/{channel_id}/messages")
CALLBACK = ("POST", "/interactions/{interaction_id}/{interaction_token}/callback")

some_documents = documents | many_lines | st.builds(every_kind, texts, st.sampled_from(Locale))
some_queries = st.text(max_size=MAX_LINE) | texts.map(lambda text: text[:MAX_LINE])


@pytest.fixture(scope="module")
def described() -> Description:
    """Discord's own description, where a copy is at hand."""
    found = Description.found()
    if found is None:
        pytest.skip(ABSENT)
    return found


def sent_message(page: Page) -> dict[str, Any]:
    """The message, with what is too long for its buttons parked."""
    return page.message(dict.fromkeys(to_park(page.buttons), TOKEN))


def refused(page: Page) -> list[str]:
    """Return what is wrong with a message: by Discord, or by what we ask of any text of ours."""
    message = sent_message(page)
    assert message["allowed_mentions"] == {"parse": []}
    found = faults(message, "message") + manners(message, "message")
    found += [mark for text in texts_in(message) for mark in live(text)]
    return found + [ascii(text) for text in labels_in(message) if MENTION.search(text)]


def modal_faults(asked: Mapping[str, Any]) -> list[str]:
    told = [each["content"] for each in asked["components"] if each["type"] == 10]
    return faults(asked, "modal") + [mark for text in told for mark in live(text)]


@given(document=some_documents, can_park=st.booleans())
@SLOW
def test_every_page_of_any_document_is_taken_and_mentions_nobody(document: Document, *, can_park: bool) -> None:
    found = pages(document, can_park=can_park)
    assert [refused(page) for page in found] == [[] for _ in found]
    assert can_park or not any(to_park(page.buttons) for page in found)


@given(some_documents, some_queries, st.integers(-1, 9))
@SLOW
def test_a_page_with_all_its_buttons_is_taken(document: Document, query: str, page: int) -> None:
    assert refused(render(document, query=query, share_token=TOKEN, page=page)) == []


@given(some_documents, st.sampled_from(("", NONCE)), some_queries)
@SLOW
def test_any_document_posted_for_everybody_is_one_message_that_is_taken(
    document: Document, mark: str, line: str
) -> None:
    page = for_digest(document, mark, line=line)
    assert refused(page) == []
    assert to_park(page.buttons) == ()
    assert not mark or mark in str(sent_message(page))


@given(some_documents, st.sampled_from(("", NONCE)), some_queries, st.integers(0, 9))
@SLOW
def test_any_page_told_as_text_alone_is_taken(document: Document, mark: str, query: str, page: int) -> None:
    for each in (for_digest(document, mark, line=query), render(document, query=query, page=page), *pages(document)):
        alone = as_text(each)
        assert refused(alone) == []
        assert (alone.embeds, alone.components) == ([], [])
        assert not each.source.mark or each.source.mark in alone.text


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_stands_wherever_it_stands(text: str, locale: Locale) -> None:
    document = every_kind(text, locale)
    found = [*pages(document), render(document, query=text, share_token=TOKEN), for_digest(document)]
    assert [refused(page) for page in found] == [[] for _ in found]
    seen = "".join(shown(text) for page in pages(document) for text in texts_in(sent_message(page)))
    assert len(text) > MAX_LINE or bare(text) in bare(seen)


@given(some_documents, st.sampled_from(Locale))
@settings(SLOW, max_examples=30)
def test_any_message_is_as_discord_describes_it(described: Description, document: Document, locale: Locale) -> None:
    for page in (*pages(document), for_digest(Document(locale, document.blocks))):
        assert described.request_faults(*MESSAGE, sent_message(page)) == []
        assert described.request_faults(*CALLBACK, {"type": 4, "data": sent_message(page) | {"flags": 64}}) == []
        assert described.request_faults(*CALLBACK, {"type": 7, "data": sent_message(page)}) == []


@given(forms, texts)
@SLOW
def test_any_form_is_taken_and_read_back_as_it_was_filled_in(form: Form, key: str) -> None:
    draft = draft_of(form, key)
    before = form_pages(form, draft)
    assert [refused(page) for page in before] == [[] for _ in before]
    values: dict[str, str] = {}
    while not draft.is_filled_in:
        asked = modal(draft, TOKEN)
        assert modal_faults(asked) == []
        values |= dict.fromkeys(inputs(asked), "")
        draft = taken(read_again(draft), sent(asked))
        assert draft.is_filled_in or refused(next_page(draft)) == []
    assert values.keys() - {"submit"} == {field.name for field in form.fields} == draft.sent.values.keys()
    for field in form.fields:
        if not field.options and field.value.strip() and len(field.value) < 1_000:
            assert draft.sent.values[field.name] == visible(field.value)
    assert draft.sent.submit == next((each.key for each in form.submits if each.key != "cancel"), "")


@given(forms)
@settings(SLOW, max_examples=30)
def test_any_modal_is_as_discord_describes_it(described: Description, form: Form) -> None:
    draft = draft_of(form)
    while not draft.is_filled_in:
        asked = modal(draft, TOKEN)
        assert described.request_faults(*CALLBACK, {"type": 9, "data": asked}) == []
        draft = taken(draft, sent(asked))


@given(refused_forms())
@SLOW
def test_any_refusal_of_a_form_is_taken_and_opens_it_filled_in(refusal: FormErrors) -> None:
    draft = refused_draft(refusal, draft_of(refusal.form))
    found = refusal_pages(refusal, draft)
    assert [refused(page) for page in found] == [[] for _ in found]
    assert found[-1].buttons[-1].kind is (Press.FORM if refusal.form.fields else Press.SUBMIT)
    assert modal_faults(modal(draft, TOKEN)) == []


def read_again(draft: Draft) -> Draft:
    """The draft as it comes out of the store."""
    found = read(write(draft))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An admin at an installation that holds the seeds."""
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('discord') / 'tipfacts.db'}", CONSOLE) as opened:
        yield opened


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("line", [example for command in COMMANDS for example in command.examples])
def test_the_reply_to_every_example_is_taken(desk: Desk, line: str, locale: Locale) -> None:
    desk.locale = locale
    reply = desk.reply(line)
    if isinstance(reply, Message):
        shared = render(reply.document, query=line, share_token=TOKEN)
        found = [*pages(reply.document), *pages(reply.document, can_park=False), shared, for_digest(reply.document)]
        assert [refused(page) for page in found] == [[] for _ in found]
        for page in found:
            assert not set(queries(page)) - {*(choice.query for choice in reply.document.choices), line}
    elif isinstance(reply, Form):
        draft = draft_of(reply)
        found = list(form_pages(reply, draft))
        assert [refused(page) for page in found] == [[] for _ in found]
        for asked in modals_of(draft):
            assert modal_faults(asked) == []
            assert "…" not in str([(label["label"], label.get("description")) for label in inputs(asked).values()])
    else:
        found = list(refusal_pages(reply, refused_draft(reply, draft_of(reply.form))))
        assert [refused(page) for page in found] == [[] for _ in found]


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("line", ["how many initial screenings in 2023", "tier", "screenings"])
def test_the_content_says_the_first_answer_with_who_when_and_where_and_the_embed_what_is_left(
    desk: Desk, line: str, locale: Locale
) -> None:
    desk.locale = locale
    document = desk.say(line).document
    card = next(block for block in document.blocks if isinstance(block, FactCard))
    page = pages(document)[0]
    assert f"**{escape(card.headline)}**\n{escape(card.sentence)}\n-# **" in page.text
    cited = [detail for detail in card.details if detail.cites]
    assert len(cited) == 2
    assert all(f"**{detail.label}:** " in page.text and escape(detail.text) in page.text for detail in cited)
    left = [detail.label for detail in card.details if detail not in cited]
    assert [field["name"] for field in page.embeds[0]["fields"]] == left


def modals_of(draft: Draft) -> Iterator[dict[str, Any]]:
    while not draft.is_filled_in:
        asked = modal(draft, TOKEN)
        yield asked
        draft = taken(draft, sent(asked))


def fill_in(desk: Desk, form: Reply, way: str = "", **typed: str) -> Reply:
    """Fill a form in as Discord shows it and return what the core answers; `way` is the label of one of several."""
    assert isinstance(form, Form)
    draft = draft_of(form)
    if not form.fields:
        buttons = form_pages(form, draft)[-1].buttons
        [number] = [button.page for button in buttons if button.label == way]
        return answered(desk, form, sent_by(draft, number).sent)
    while not draft.is_filled_in:
        asked = modal(draft, TOKEN)
        assert modal_faults(asked) == []
        draft = read_again(taken(read_again(draft), sent(asked, submit=way, **typed)))
    return answered(desk, form, draft.sent)


def answered(desk: Desk, form: Form, found: FormInput) -> Reply:
    assert (found.command, found.step, found.carried) == (form.command, form.step, form.carried)
    return desk.send(form, found.submit, **found.values)


@pytest.mark.parametrize(
    ("locale", "another", "review", "add"),
    [(Locale.EN, "Add another fact", "Review", "Add it"), (Locale.ZH_HANT, "再新增一項事實", "覆核", "新增")],
)
async def test_a_statement_is_added_and_posted_through_what_discord_shows(
    tmp_path: Path, locale: Locale, another: str, review: str, add: str
) -> None:
    with seeded(f"sqlite:///{tmp_path / 'tipfacts.db'}", CONSOLE) as desk:
        desk.locale = locale
        desk.say("subscribe")
        refusal = fill_in(desk, desk.reply("add"), **STATEMENT_2022 | {"date": "tomorrow"})
        assert isinstance(refusal, FormErrors)
        fact = fill_in(desk, refusal.form, date=STATEMENT_2022["date"])
        second = fill_in(desk, fact, another, **SCREENINGS_2021)
        check = fill_in(desk, second, review, **VICTIMS_2021)
        added = fill_in(desk, check, add)
        assert isinstance(added, Message)
        assert "S4" in pages(added.document)[0].text
        channel = Recorder()
        await desk.tick(channel, MONDAY + timedelta(hours=1))
        page = for_digest(channel.posted[0])
        assert refused(page) == []
        assert page.unshown == frozenset()
        assert list(queries(page)) == ["unsubscribe"]


def bare(text: str) -> str:
    """Return a text without what may stand between its letters: space, and the quotation marks of lines."""
    return re.sub(r"[\s>]|-#", "", visible(text))


def queries(page: Page) -> Iterator[str]:
    """Yield what the page's buttons ask when they are pressed."""
    for row in sent_message(page)["components"]:
        yield from asked_by(row["components"], page)


def asked_by(buttons: Sequence[Mapping[str, Any]], page: Page) -> Iterator[str]:
    for button in buttons:
        carried = read_id(button["custom_id"])
        assert carried is not None
        states = [carried.state] if carried.state else to_park(page.buttons)
        yield from (read_state(state)[1] for state in states)
