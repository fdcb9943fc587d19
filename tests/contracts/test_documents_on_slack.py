"""Whatever a Document or Form says, Slack takes it: within its limits, in both languages, and mentioning nobody."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from documents import LONG, documents, forms, many_lines, refused_forms, texts
from filling import sent
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from library import CONSOLE, MONDAY, SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021, Desk, Recorder
from seeded import seeded
from servers.slack_limits import faults
from servers.slack_parts import texts_in
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from adapters.slack.blocks import Page, for_digest, pages, render
from adapters.slack.escape import one_line
from adapters.slack.views import error_text, form_errors, home_view, message_view, modal, read_view, waiting_view
from bot.commands.grammar import MAX_LINE
from bot.commands.table import COMMANDS
from bot.domain.text import Locale
from bot.messages.document import Document
from bot.messages.exchange import Form, FormErrors, Message, Reply

# Such documents are shrunk for minutes and explained on many pages: a failure names its seed instead.
SLOW = settings(
    deadline=None,
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TOKEN = "t" * 22  # as long as the store makes them
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
LINK = re.compile(r"<https?://[!-;=?-{}~]+(?:\|[^<>]*)?>")
ENTITY = re.compile("&(?:amp|lt|gt);")
QUOTE = re.compile("^> ", re.MULTILINE)


def refused(page: Page) -> list[str]:
    """Return what is wrong with a message: by Slack, or by what we ask of any text of ours."""
    message: Mapping[str, Any] = {"text": page.text, "blocks": page.blocks}
    found = faults(message) + sdk_faults(page.blocks)
    return found + [mark for text in (page.text, *texts_in(page.blocks)) for mark in live(text)]


def sdk_faults(blocks: list[dict[str, Any]]) -> list[str]:
    """Return what Slack's own library finds wrong with the blocks: a second opinion."""
    found = []
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None, block
        try:
            parsed.validate_json()
        except SlackObjectFormationError as error:
            found.append(str(error))
    return found


def live(text: str) -> list[str]:
    """Return what of a text Slack would act upon, beside links and our own marks of quotations."""
    bare = ENTITY.sub("", LINK.sub("", QUOTE.sub("", text)))
    return [ascii(text[:200])] if UNSEEN.search(text) or re.search("[<>&]", bare) else []


def view_faults(view: Mapping[str, Any]) -> list[str]:
    return faults(view) + sdk_faults(view["blocks"]) + [found for text in texts_in(view) for found in live(text)]


@given(documents | many_lines)
@SLOW
def test_every_page_of_any_document_is_taken_and_mentions_nobody(document: Document) -> None:
    assert [refused(page) for page in pages(document, "{}")] == [[] for _ in pages(document)]


@given(documents | many_lines, st.text(max_size=MAX_LINE) | texts.map(lambda text: text[:MAX_LINE]), st.integers(-1, 9))
@SLOW
def test_a_page_with_all_its_buttons_is_taken(document: Document, query: str, page: int) -> None:
    assert refused(render(document, query=query, share_token=TOKEN, page=page)) == []


@given(document=documents | many_lines, line=texts.map(lambda text: text[:300]), newest_last=st.booleans())
@SLOW
def test_any_document_posted_for_everybody_is_one_message_that_is_taken(
    document: Document, line: str, *, newest_last: bool
) -> None:
    assert refused(for_digest(document)) == []
    assert refused(for_digest(document, line=one_line(line), newest_last=newest_last)) == []


@given(documents, texts.map(lambda text: text[:LONG]), st.sampled_from(Locale))
@SLOW
def test_any_document_is_taken_as_a_view(document: Document, title: str, locale: Locale) -> None:
    assert view_faults(message_view(document, title, locale)) == []
    assert view_faults(home_view(document)) == []
    assert view_faults(waiting_view(locale)) == []


@given(forms, texts)
@SLOW
def test_any_form_is_taken_and_read_back_as_it_was_filled_in(form: Form, errors: str) -> None:
    view = modal(form, "m" * 3_000, errors)
    assert view_faults(view) == []
    values, submit = read_view(sent(view))
    assert values.keys() == {field.name for field in form.fields}
    assert submit == next((each.key for each in form.submits if each.key != "cancel"), "")


@given(refused_forms())
@SLOW
def test_any_refusal_of_a_form_is_taken_at_inputs_that_the_form_has(refusal: FormErrors) -> None:
    answer = form_errors(refusal)
    assert faults(answer) == []
    blocks = {block.get("block_id") for block in modal(refusal.form, "")["blocks"]}
    assert answer.get("errors", {}).keys() <= blocks
    assert view_faults(modal(refusal.form, "", error_text(refusal))) == []


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An admin at an installation that holds the seeds."""
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('slack') / 'tipfacts.db'}", CONSOLE) as opened:
        yield opened


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("line", [example for command in COMMANDS for example in command.examples])
def test_the_reply_to_every_example_is_taken(desk: Desk, line: str, locale: Locale) -> None:
    desk.locale = locale
    reply = desk.reply(line)
    if isinstance(reply, Message):
        found = [
            *pages(reply.document),
            render(reply.document, query=line, share_token=TOKEN),
            for_digest(reply.document),
        ]
        assert [refused(page) for page in found] == [[] for _ in found]
        assert view_faults(message_view(reply.document, line, locale)) == []
        assert view_faults(home_view(reply.document)) == []
        for page in found:
            assert not set(values(page)) - {*queries(reply.document), line}
        for page in pages(reply.document):
            assert words(" ".join(texts_in(page.blocks))) <= words(page.text)
    elif isinstance(reply, Form):
        assert view_faults(modal(reply, reply.carried)) == []
    else:
        assert faults(form_errors(reply)) == []


def fill_in(desk: Desk, form: Reply, way: str = "", **typed: str) -> Reply:
    """Fill a form in as Slack shows it and return what the core answers; `way` is the label of one of several."""
    assert isinstance(form, Form)
    view = modal(form, "")
    assert view_faults(view) == []
    values, submit = read_view(sent(view, submit=way, **typed))
    return desk.send(form, submit, **values)


@pytest.mark.parametrize(
    ("locale", "another", "review"),
    [(Locale.EN, "Add another fact", "Review"), (Locale.ZH_HANT, "再新增一項事實", "覆核")],
)
async def test_a_statement_is_added_and_posted_through_what_slack_shows(
    tmp_path: Path, locale: Locale, another: str, review: str
) -> None:
    with seeded(f"sqlite:///{tmp_path / 'tipfacts.db'}", CONSOLE) as desk:
        desk.locale = locale
        desk.say("subscribe")
        refusal = fill_in(desk, desk.reply("add"), **STATEMENT_2022 | {"date": "tomorrow"})
        assert isinstance(refusal, FormErrors)
        assert form_errors(refusal)["errors"].keys() == {"date"}
        fact = fill_in(desk, refusal.form, date=STATEMENT_2022["date"])
        second = fill_in(desk, fact, another, **SCREENINGS_2021)
        check = fill_in(desk, second, review, **VICTIMS_2021)
        added = fill_in(desk, check)
        assert isinstance(added, Message)
        assert "S4" in pages(added.document)[0].text
        channel = Recorder()
        await desk.tick(channel, MONDAY + timedelta(hours=1))
        page = for_digest(channel.posted[0])
        assert refused(page) == []
        assert page == pages(channel.posted[0])[0]
        assert list(values(page)) == ["unsubscribe"]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def values(page: Page) -> Iterator[str]:
    """Yield what the page's buttons ask when they are pressed."""
    for block in page.blocks:
        if block["type"] == "actions":
            yield from (json.loads(element["value"])["q"] for element in block["elements"])


def queries(document: Document) -> Iterator[str]:
    yield from (choice.query for choice in document.choices)
