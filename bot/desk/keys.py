"""Keys made from content: the same statement, fact or source gets the same key whether it is typed or imported."""

import hashlib
import json
import re
import unicodedata
from datetime import date

from bot.domain.facts import Assertion, Change
from bot.domain.text import LocalText

MAX_SLUG = 100


def source_key(title: str, publisher: str, published_on: date, url: str | None) -> str:
    """Return the key of a source that was given none."""
    return _content_key("source", title, publisher, published_on.isoformat(), url)


def speaker_key(name: LocalText) -> str:
    """Return the key of a speaker that was given none."""
    return _content_key("speaker", _plain(name))


def statement_key(speaker: str, source: str, said_on: date) -> str:
    """Return the key of a statement that was given none; speaker and source are keys."""
    return _content_key("statement", speaker, source, said_on.isoformat())


def fact_key(statement: str, topic: str | None, said: Assertion) -> str:
    """Return the key of a fact that was given none; statement and topic are keys, None for no topic.

    All that makes it another claim counts; where in the source it stands, and in whose voice, does not.
    """
    period = said.period.iso if said.period else None
    parts = (said.text, said.value, said.unit, said.change, said.quote)
    return _content_key("fact", statement, topic, said.qualifier, period, *map(_plain, parts))


def topic_key(label: LocalText) -> str:
    """Return the key of a topic that was given none: its English label as people would type it, with hyphens.

    A label without a Latin letter or a digit gets a key made from content, as everything else does.
    """
    plain = unicodedata.normalize("NFKD", label.en or "").replace("'", "").encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.lower()))[:MAX_SLUG].strip("-")
    return slug or _content_key("topic", _plain(label))


def dispute_key(rejecting: str, rejected: str) -> str:
    """Return the key of a dispute that was given none; both are keys of facts."""
    return _content_key("dispute", rejecting, rejected)


def _plain(part: LocalText | Change | float | str | None) -> object:
    """Return a part as JSON holds it; 45 and 45.0 are the same number."""
    if isinstance(part, LocalText):
        return [part.en, part.zh_hant]
    if isinstance(part, Change):
        return [part.kind, _plain(part.value), part.against.iso]
    if isinstance(part, float) and part.is_integer():
        return int(part)
    return part


def _content_key(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False)
    return f"x-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
