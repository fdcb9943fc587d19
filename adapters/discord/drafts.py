"""A form on its way through modals: what was typed so far, and which of its modals are still to be filled in.

Discord closes a modal when it is sent, and opens one only for a command or a press, never for another modal. So a form
that is too long for one, or that was refused, goes on with a button, and in between it is kept as text.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from adapters.discord.limits import MODAL_COMPONENTS
from bot.domain.text import Locale
from bot.messages.exchange import Field, Form, FormInput, Option, Submit

CANCEL = "cancel"  # whoever closes a modal cancels; it has no button for that


@dataclass(frozen=True, slots=True)
class Draft:
    """A form with what was typed so far; its document is not kept.

    `above` is what is said over its fields, `inside` the same without marks, in short. `steps` are the numbers of the
    modals that are still to be sent. `submit` is the way that was chosen to send the whole. `key` is the same from the
    form's first step to its last.
    """

    form: Form
    above: str = ""
    inside: str = ""
    steps: tuple[int, ...] = ()
    submit: str = ""
    key: str = ""

    @property
    def ways(self) -> tuple[Submit, ...]:
        """The ways to send the form, but for cancelling it."""
        return tuple(way for way in self.form.submits if way.key != CANCEL)

    @property
    def is_filled_in(self) -> bool:
        """Whether all modals were sent."""
        return not self.steps

    @property
    def sent(self) -> FormInput:
        """The form as it was sent."""
        form = self.form
        values = {field.name: field.value for field in form.fields}
        return FormInput(form.command, form.step, values, self.submit, form.carried)


@dataclass(frozen=True, slots=True)
class Modal:
    """What one modal of a form asks for."""

    fields: tuple[Field, ...]
    has_text: bool = False  # it shows what is said above the fields
    has_ways: bool = False  # it asks in which way the form is to be sent


def modals(draft: Draft) -> tuple[Modal, ...]:
    """Return the form's modals, at least one. What is said above them is shown where it makes no more of them."""
    fields, has_ways = draft.form.fields, len(draft.ways) > 1
    count = _modals_for(len(fields) + has_ways)
    has_text = bool(draft.above) and _modals_for(len(fields) + has_ways + 1) == count
    ends = (at * MODAL_COMPONENTS - has_text for at in range(count + 1))
    found = [Modal(fields[max(0, start) : end]) for start, end in pairwise(ends)]
    found[0] = replace(found[0], has_text=has_text)
    found[-1] = replace(found[-1], has_ways=has_ways)
    return tuple(found)


def begun(form: Form, above: str, inside: str, key: str) -> Draft:
    """Return the draft of a form that nobody has filled in yet."""
    draft = Draft(replace(form, document=None), above, inside, key=key)
    ways = draft.ways
    return replace(draft, steps=tuple(range(len(modals(draft)))), submit=ways[0].key if ways else "")


def mending(draft: Draft, errors: Mapping[str, str], before: Draft) -> Draft:
    """Return the draft of a form that was refused with only the modals to be sent that hold what is wrong, if any does.

    `before` is how it was sent: the way it was sent in is kept.
    """
    held = enumerate(modals(draft))
    wrong = tuple(at for at, modal in held if any(field.name in errors for field in modal.fields))
    is_same = (draft.form.command, draft.form.step) == (before.form.command, before.form.step)
    keys = [way.key for way in draft.ways]
    submit = before.submit if is_same and before.submit in keys else draft.submit
    return replace(draft, steps=wrong or draft.steps, submit=submit)


def filled_in(draft: Draft, values: Mapping[str, str], submit: str = "") -> Draft:
    """Return the draft after its next modal was sent with these values; `submit` is the way chosen in it, if any."""
    fields = tuple(replace(field, value=values.get(field.name, field.value)) for field in draft.form.fields)
    return replace(
        draft,
        form=replace(draft.form, fields=fields),
        steps=draft.steps[1:],
        submit=submit if submit in [way.key for way in draft.ways] else draft.submit,
    )


def sent_by(draft: Draft, number: int) -> Draft:
    """Return the draft of a form without fields after it was sent in the way of this number."""
    ways = draft.form.submits[number : number + 1]
    return replace(draft, steps=(), submit=ways[0].key if ways else "")


def write(draft: Draft) -> str:
    """Return the draft as text, to be parked; halves of characters come through."""
    return json.dumps(asdict(draft), separators=(",", ":"))


def read(text: str) -> Draft | None:
    """Return the draft of this text, None where it is none."""
    try:
        held = json.loads(text)
        return _draft(held)
    except (ValueError, KeyError, TypeError):
        return None


def _draft(held: dict[str, Any]) -> Draft:
    form = held["form"]
    fields = (Field(**each | {"options": tuple(Option(**one) for one in each["options"])}) for each in form["fields"])
    submits = (Submit(**each) for each in form["submits"])
    parts = {"fields": tuple(fields), "submits": tuple(submits), "locale": Locale(form["locale"])}
    return Draft(**held | {"form": Form(**form | parts), "steps": tuple(held["steps"])})


def _modals_for(components: int) -> int:
    return max(1, -(-components // MODAL_COMPONENTS))
