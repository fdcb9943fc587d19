"""Forms between modals, as messages with buttons: to open the next modal, to review, to mend what was refused."""

from collections.abc import Iterator, Sequence

from adapters.discord.cards import worded
from adapters.discord.components import Button, Press
from adapters.discord.document_parts import Choosing, block_parts, document_parts
from adapters.discord.drafts import Draft, begun, mending, modals, write
from adapters.discord.escape import escape, heading, small
from adapters.discord.limits import PLACEHOLDER, TEXT, TEXT_DISPLAY, size
from adapters.discord.pages import Page, packed, with_buttons
from adapters.discord.part import Part, text_of
from bot.messages.cutting import clip
from bot.messages.document import Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Form, FormErrors
from bot.messages.plain import plain_text
from bot.messages.visible import one_line
from bot.wording.wording import Wording, wording

_ERROR = 600
_MOST_ERRORS = 10
_ABOVE = min(TEXT, TEXT_DISPLAY)


def draft_of(form: Form, key: str = "") -> Draft:
    """Return the draft of a form that is to be put before a person. `key` is the same through all its steps."""
    inside = clip(one_line(plain_text(form.document)), PLACEHOLDER, size) if form.document else ""
    return begun(form, above(form), inside, key)


def refused_draft(errors: FormErrors, before: Draft) -> Draft:
    """Return the draft of a form that was refused; `before` is how it was sent."""
    return mending(draft_of(errors.form, before.key), errors.errors, before)


def above(form: Form) -> str:
    """Return what a form's document says, as the text over its fields; empty without one."""
    if form.document is None:
        return ""
    parts = document_parts(form.document, Choosing.LINES)
    if size(text_of(parts)) <= _ABOVE:
        return text_of(parts)
    more = [Part(small(escape(wording(form.locale).say("There is more than fits here."))))]
    end = next(at for at in range(len(parts), -1, -1) if size(text_of([*parts[:at], *more])) <= _ABOVE)
    return text_of([*parts[:end], *more])


def form_pages(form: Form, draft: Draft, over: Sequence[Part] = ()) -> tuple[Page, ...]:
    """Return what puts a form before a person in messages, the last with its buttons; some parts stand `over` it.

    A form with fields has a button that opens the draft's next modal, one without has a button for each way to send it.
    """
    words, parts = wording(form.locale), [*over, *_asking(form, draft)]
    if form.fields:
        parts += block_parts(Footnote(words.say("Press the button to fill in the form.")))
        return _pressed(parts, [Button(form.title, Press.FORM, write(draft))], words)
    ways = [Button(way.label, Press.SUBMIT, write(draft), at) for at, way in enumerate(form.submits)]
    return _pressed(parts, ways, words)


def next_page(draft: Draft) -> Page:
    """Return the message between two modals of one form; its button opens the next one."""
    words, count = wording(draft.form.locale), len(modals(draft))
    said = words.say(
        "“{title}” has {count} parts, and what you filled in is kept. Nothing is done before the last one is sent.",
        title=one_line(draft.form.title),
        count=words.number(count),
    )
    number = words.number((draft.steps or (0,))[0] + 1)
    button = Button(words.say("Part {number}", number=number), Press.FORM, write(draft))
    return _pressed(list(block_parts(Paragraph(said))), [button], words)[-1]


def refusal_pages(errors: FormErrors, draft: Draft) -> tuple[Page, ...]:
    """Return what is wrong with a form, and the button that opens the draft again with what was typed."""
    words = wording(errors.form.locale)
    parts = list(_error_parts(errors, words))
    if not errors.form.fields:
        return form_pages(errors.form, draft, parts)
    parts += block_parts(Footnote(words.say("What you typed is kept.")))
    return _pressed(parts, [Button(words.say("Edit again"), Press.FORM, write(draft))], words)


def _asking(form: Form, draft: Draft) -> Iterator[Part]:
    """Yield the form's document, or what the draft holds of it, under the form's title where that has none."""
    said = [Part(draft.above, block=Paragraph(draft.inside))]
    if form.document:
        said = document_parts(form.document, Choosing.LINES)
    if not (said and said[0].leads) and not draft.above.startswith(heading("")):
        yield from block_parts(Heading(form.title))
    yield from said


def _error_parts(errors: FormErrors, words: Wording) -> Iterator[Part]:
    """Yield what is wrong as lines, each with the field's label."""
    labels = {field.name: one_line(field.label) for field in errors.form.fields}
    said = [Entry(labels.get(name, ""), clip(one_line(error), _ERROR, worded)) for name, error in errors.errors.items()]
    told = [entry for entry in said if entry.text][:_MOST_ERRORS]
    yield from block_parts(Entries(tuple(told or (Entry("", words.say("This cannot be sent as it is.")),))))


def _pressed(parts: Sequence[Part], buttons: Sequence[Button], words: Wording) -> tuple[Page, ...]:
    *before, last = packed(parts, words)
    return (*before, with_buttons(last, buttons))
