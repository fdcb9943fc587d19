"""Writing library files: the whole library in the format that `bot.desk.library_file` reads."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum

from bot.domain.facts import Change, LibraryContent, Standing
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.domain.words import WordKind

Plain = str | int | float | None | list["Plain"] | dict[str, "Plain"]
_KINDS = frozenset(WordKind)
_NOT_WRITTEN = ("id", "version", "revision")


def library_text(content: LibraryContent, *, as_json: bool) -> str:
    """Return the content as a library file, in YAML or JSON; reading it gives the same content."""
    plain: dict[str, Plain] = {"format": 1}
    for part in fields(LibraryContent):
        if part.name != "word_lists":
            plain[part.name] = [_plain_entry(entry) for entry in getattr(content, part.name)]
    plain["words"] = {each.key: [*each.words] for each in content.word_lists if each.key in _KINDS}
    plain["places"] = {each.key: [*each.words] for each in content.word_lists if each.key not in _KINDS}
    if as_json:
        return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"
    import yaml  # noqa: PLC0415 (only where YAML is written)

    return str(yaml.dump(plain, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=120))


def _plain_entry(entry: object) -> dict[str, Plain]:
    names = [part.name for part in fields(entry) if part.name not in _NOT_WRITTEN]  # type: ignore[arg-type]
    plain = {name: _plain(getattr(entry, name)) for name in _key_first(names)}
    return {name: value for name, value in plain.items() if value not in (None, []) and not _is_usual(name, value)}


def _key_first(names: list[str]) -> list[str]:
    return sorted(names, key=lambda name: name != "key")


def _is_usual(name: str, value: Plain) -> bool:
    return name == "standing" and value == Standing.CURRENT


def _plain(value: object) -> Plain:
    writers: Mapping[type, Callable[..., Plain]] = {
        LocalText: lambda text: {k: v for k, v in (("en", text.en), ("zh-Hant", text.zh_hant)) if v},
        Period: lambda period: period.iso,
        Change: lambda change: {"kind": str(change.kind), "value": change.value, "against": change.against.iso},
        date: date.isoformat,
        tuple: list,
    }
    write = writers.get(type(value))
    if write:
        return write(value)
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a library file")
