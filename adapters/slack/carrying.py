"""What a modal carries unseen, in its private_metadata: which form it shows, and where it was opened from.

Nothing is held here between two submissions: what finds no room in Slack's 3,000 characters is parked in the store.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.people import Address, Platform
from bot.domain.text import Locale

# Slack may give text back with these as entities (bolt-python issue 513), so none stands in it.
_SAFE = str.maketrans({"&": "\\u0026", "<": "\\u003c", ">": "\\u003e"})


@dataclass(frozen=True, slots=True)
class Carried:
    """What comes back with a modal.

    `address` is where it was opened from. `text` is what the form carries, or with `is_parked` the token under which
    the store keeps that.
    """

    address: Address
    locale: Locale
    command: str = ""
    step: str = ""
    text: str = ""
    is_parked: bool = False


def write(carried: Carried) -> str:
    """Return what a modal carries as text."""
    address = carried.address
    fields = {
        "a": [address.channel, address.thread, address.user],
        "l": carried.locale,
        "c": carried.command,
        "s": carried.step,
        "t": carried.text,
        "p": carried.is_parked,
    }
    text = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)
    return text.translate(_SAFE)


def read(team: str, view: Mapping[str, Any]) -> Carried | None:
    """Return what a modal of ours carries, None where a view (a Home tab, for one) carries nothing of ours."""
    text = view.get("private_metadata") or ""
    if not text:
        return None
    try:
        fields = json.loads(text)
        channel, thread, user = fields["a"]
        locale = Locale(fields["l"])
    except (ValueError, KeyError, TypeError):
        return None
    return Carried(
        address=Address(Platform.SLACK, team, channel, thread, user),
        locale=locale,
        command=fields.get("c", ""),
        step=fields.get("s", ""),
        text=fields.get("t", ""),
        is_parked=fields.get("p", False),
    )
