"""Buttons, and what they carry in their custom_id: a press finds it there again, whatever was restarted in between.

What finds no room in Discord's 100 characters is parked in the store, and the custom_id carries the token of that.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adapters.discord.escape import plain
from adapters.discord.limits import BUTTON_LABEL, CUSTOM_ID, ROW, ROWS, size
from bot.messages.visible import visible

Json = dict[str, Any]
NOTHING = "–"

_ACTION_ROW, _BUTTON = 1, 2
_PRIMARY, _SECONDARY = 1, 2
_HERE, _PARKED = "=", "~"  # how what a custom_id carries begins: the state itself, or the token it is parked under


class Press(StrEnum):
    """What a button is for; how its custom_id begins."""

    CHOICE = "choice"
    SHARE = "share"
    PAGE = "page"
    FORM = "form"  # opens the next modal of a form
    SUBMIT = "submit"  # sends a form that has no fields


_AT_THE_END = (Press.SHARE, Press.PAGE)
_ID = re.compile(rf"({'|'.join(Press)}):(\d{{1,4}}):([{_HERE}{_PARKED}])(.*)", re.DOTALL | re.ASCII)


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `query` is the line it stands for; of a form, the draft as text.

    `page` is the one to turn to, or which of a form's ways to send it this is. `token` marks one answer, which is
    shared once, or the message that the button stands in.
    """

    label: str
    kind: Press
    query: str
    page: int = 0
    token: str = ""

    @property
    def state(self) -> str:
        """What its press is to find again."""
        return f"{self.token} {visible(self.query).strip()}"

    @property
    def fits(self) -> bool:
        """Whether its custom_id holds that; a longer one has to be parked."""
        return self.state.isprintable() and size(self._id(_HERE + self.state, self.page)) < CUSTOM_ID

    def custom_id(self, tokens: Mapping[str, str], place: int) -> str | None:
        """Return the custom_id, None where its state does not fit and is not parked under one of these tokens.

        `place` tells it from the other buttons of its message.
        """
        number = place if self.kind is Press.CHOICE else self.page
        if self.fits:
            return self._id(_HERE + self.state, number)
        token = tokens.get(self.state)
        return self._id(_PARKED + token, number) if token else None

    def _id(self, carried: str, number: int) -> str:
        return f"{self.kind}:{number}:{carried}"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a custom_id of ours carries: `state`, or None, where it is `parked` under this token."""

    kind: Press
    page: int
    state: str | None
    parked: str = ""


def to_park(buttons: Iterable[Button]) -> tuple[str, ...]:
    """Return what has to be parked for these buttons, each state once."""
    return tuple(dict.fromkeys(button.state for button in buttons if not button.fits))


def components(buttons: Sequence[Button], tokens: Mapping[str, str] | None = None) -> list[Json]:
    """Return the buttons in rows; those that turn pages and share stand in the last one.

    `tokens` are those under which `to_park` was parked, by state; a button that needs one and has none is left out.
    """
    made = [(each, each.custom_id(tokens or {}, place)) for place, each in enumerate(buttons)]
    taken = [(each.kind in _AT_THE_END, _button(each, custom_id)) for each, custom_id in made if custom_id]
    choices = [button for at_the_end, button in taken if not at_the_end]
    turning = [button for at_the_end, button in taken if at_the_end]
    rows = [choices[at : at + ROW] for at in range(0, len(choices), ROW)]
    if turning and rows and len(rows[-1]) + len(turning) <= ROW:
        rows[-1] += turning
    elif turning:
        rows.append(turning)
    return [{"type": _ACTION_ROW, "components": row} for row in rows[:ROWS]]


def read_id(custom_id: str) -> Carried | None:
    """Return what a custom_id carries, None where it is none of ours."""
    found = _ID.fullmatch(custom_id)
    if found is None:
        return None
    kind, number, where, held = found.groups()
    return Carried(Press(kind), int(number), *((held,) if where == _HERE else (None, held)))


def parked_id(kind: Press, token: str) -> str:
    """Return the custom_id of what is parked under a token: a modal, for one."""
    return f"{kind}:0:{_PARKED}{token}"


def read_state(state: str) -> tuple[str, str]:
    """Return the token and the line that a button's state holds."""
    token, _, query = state.partition(" ")
    return token, query


def _button(button: Button, custom_id: str) -> Json:
    label = plain(button.label, BUTTON_LABEL) or NOTHING
    style = _PRIMARY if button.kind in (Press.FORM, Press.SUBMIT) and not button.page else _SECONDARY
    return {"type": _BUTTON, "style": style, "label": label, "custom_id": custom_id}
