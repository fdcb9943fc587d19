"""Forms and messages as Slack views: modals that ask, modals that tell, and the Home tab."""

import json

from adapters.slack.cutting import clip
from adapters.slack.document_parts import block_parts, document_parts
from adapters.slack.escape import escape, one_line
from adapters.slack.inputs import CALLBACK, input_blocks, read_view, submits_of
from adapters.slack.kit import Json, context, plain, written
from adapters.slack.limits import SECTION_TEXT, VIEW_BLOCKS, VIEW_BYTES, VIEW_TITLE, size
from adapters.slack.pages import leading, page_of
from adapters.slack.part import blocks_of
from bot.domain.text import Locale
from bot.messages.document import Document, Heading, Paragraph
from bot.messages.exchange import Form, FormErrors
from bot.wording.wording import Wording, wording

__all__ = [
    "CALLBACK",
    "error_text",
    "form_errors",
    "home_view",
    "message_view",
    "modal",
    "read_view",
    "waiting_view",
]

_ERROR = 1_000
_BYTES = len("\\u0000")  # of a character at most, as it is sent
_BESIDE = 60_000  # bytes: what a view carries, its titles and errors, and what is around each block


def modal(form: Form, metadata: str, errors: str = "") -> Json:
    """Return the view that puts a form to a person, under `errors` where there are some.

    `metadata` comes back with it: at most 3,000 characters. Its callback_id begins with CALLBACK.
    """
    words, submits, inputs = wording(form.locale), submits_of(form), input_blocks(form)
    only = submits[0] if len(submits) == 1 else None
    above = [*_errors_above(errors), *_whole_title(form.title)]
    above += _document_blocks(form.document, VIEW_BLOCKS - len(above) - len(inputs), len(json.dumps(inputs)))
    view = {
        "type": "modal",
        "callback_id": CALLBACK + (only.key if only else ""),
        "private_metadata": metadata,
        "title": plain(form.title, VIEW_TITLE),
        "close": plain(words.say("Cancel"), VIEW_TITLE),
        "blocks": [*above, *inputs] or _nothing(words),
    }
    if submits or inputs:
        view["submit"] = plain(only.label if only else words.say("Continue"), VIEW_TITLE)
    return view


def form_errors(errors: FormErrors) -> Json:
    """Return the answer to a sent view that says what is wrong, at the fields; the view is to be that of this form.

    What belongs to no field is said at the first. A form without fields closes on what is wrong.
    """
    words = wording(errors.form.locale)
    names = [block["block_id"] for block in input_blocks(errors.form)]
    if not names:
        document = Document(errors.form.locale, (Paragraph(error_text(errors)),))
        return {"response_action": "update", "view": message_view(document, errors.form.title, errors.form.locale)}
    told: dict[str, list[str]] = {}
    for name, error in errors.errors.items():
        told.setdefault(name if name in names else names[0], []).append(one_line(error))
    said = {name: clip(" ".join(texts), _ERROR) for name, texts in told.items()}
    fallback = {names[0]: words.say("This cannot be sent as it is.")}
    return {"response_action": "errors", "errors": {name: text for name, text in said.items() if text} or fallback}


def error_text(errors: FormErrors) -> str:
    """Return what is wrong with a form as lines, each with the field's label, to stand above the form."""
    labels = {field.name: field.label for field in errors.form.fields}
    lines = (f"{labels[name]}: {error}" if name in labels else error for name, error in errors.errors.items())
    return "\n".join(lines)


def message_view(document: Document, title: str, locale: Locale) -> Json:
    """Return a view that tells and can only be closed; what may be asked next is lines to type."""
    words = wording(locale)
    return {
        "type": "modal",
        "title": plain(title, VIEW_TITLE),
        "close": plain(words.say("Close"), VIEW_TITLE),
        "blocks": _document_blocks(document, VIEW_BLOCKS) or _nothing(words),
    }


def waiting_view(locale: Locale) -> Json:
    """Return a view to look at while the reply is made; it is replaced."""
    text = Paragraph(wording(locale).say("One moment: the reply comes here."))
    return message_view(Document(locale, (text,)), "tipfacts", locale)


def home_view(document: Document) -> Json:
    """Return the Home tab; its choices are buttons."""
    blocks = _document_blocks(document, VIEW_BLOCKS, pressed=True)
    return {"type": "home", "blocks": blocks or _nothing(wording(document.locale))}


def _errors_above(errors: str) -> list[Json]:
    return blocks_of(block_parts(Paragraph(clip(errors, _ERROR)), iter(())))


def _whole_title(title: str) -> list[Json]:
    """Return the title once more where Slack's has no room for it."""
    if size(escape(one_line(title))) <= VIEW_TITLE:
        return []
    return blocks_of(block_parts(Heading(clip(title, SECTION_TEXT // 2)), iter(())))


def _document_blocks(document: Document | None, most: int, beside: int = 0, *, pressed: bool = False) -> list[Json]:
    """Return the document in at most so many blocks, and the bytes left `beside` others; a remark says it goes on."""
    if document is None:
        return []
    room = (VIEW_BYTES - _BESIDE - beside) // _BYTES
    parts = document_parts(document, pressed=pressed)
    if len(leading(parts, most, room)) == len(parts):
        return blocks_of(parts)
    more = wording(document.locale).say("There is more than fits here.")
    return [*blocks_of(leading(parts, most - 1, room)), context(written(more))]


def _nothing(words: Wording) -> list[Json]:
    return page_of((), words).blocks
