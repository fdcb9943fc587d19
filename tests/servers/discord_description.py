"""Discord's own description of its REST API (OpenAPI), where a copy is at hand. No part of it is in this project.

It is read from the file that TIPFACTS_DISCORD_OPENAPI names, or from ../shared/discord-openapi.json beside the
repository. Without it, nothing is checked against it. It is a preview and in places laxer than Discord
(discord_limits.py is not), and in two stricter: ids and permissions may come as numbers or as strings.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "TIPFACTS_DISCORD_OPENAPI"
ABSENT: Final = f"no copy of Discord's description: {VARIABLE} names none, and ../shared/discord-openapi.json is none"
_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "discord-openapi.json"
_URI = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
Json = Any  # a schema, and what is held against it
Thing = Mapping[str, Any]


class Description:
    """A description that was read. Faults are sentences with where they stand; none where all is as described."""

    def __init__(self, document: Json) -> None:
        self._document = document

    @staticmethod
    def found() -> "Description | None":
        """Return the description, None where no copy is at hand. Raises OSError where the variable names no file."""
        named = os.environ.get(VARIABLE, "").strip()
        path = Path(named) if named else _BESIDE
        return _read(path) if named or path.is_file() else None

    def request_faults(self, method: str, route: str, body: Json) -> list[str]:
        """Check the body of a request."""
        operation = self._operation(method, route)
        if operation is None:
            return [f"{method} {route} is not in it"]
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return list(self._faults(body, schema, "body")) if schema else []

    def answer_faults(self, method: str, route: str, status: int, body: Json) -> list[str]:
        """Check the body of an answer."""
        operation = self._operation(method, route)
        if operation is None:
            return [f"{method} {route} is not in it"]
        answer = operation["responses"].get(str(status)) or operation["responses"].get(f"{status // 100}XX")
        if answer is None:
            return [f"{method} {route} is never answered {status}"]
        schema = self._resolved(answer).get("content", {}).get("application/json", {}).get("schema")
        return list(self._faults(body, schema, "answer")) if schema else []

    def _operation(self, method: str, route: str) -> Json | None:
        return self._document["paths"].get(route, {}).get(method.lower())

    def _resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            found: Json = self._document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def _faults(self, value: Json, schema: Json, at: str) -> Iterator[str]:
        schema = self._resolved(schema)
        if schema.get("format") == "snowflake" and type(value) is int:
            value = str(value)
        yield from self._combined(value, schema, at)
        wanted = schema.get("type")
        if wanted is not None and not _is_any(value, [wanted] if isinstance(wanted, str) else wanted):
            yield f"{at}: {_short(value)} is no {wanted}"
            return
        yield from _own_faults(value, schema, at)
        if isinstance(value, dict):
            yield from self._object(value, schema, at)
        elif isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                yield from self._faults(item, schema["items"], f"{at}[{number}]")

    def _combined(self, value: Json, schema: Thing, at: str) -> Iterator[str]:
        """All of allOf; of oneOf and anyOf the branch that fits best, since branches overlap in this description."""
        for part in schema.get("allOf", ()):
            yield from self._faults(value, part, at)
        for branches in (schema.get("oneOf"), schema.get("anyOf")):
            if branches:
                found = [list(self._faults(value, branch, at)) for branch in branches]
                yield from min(found, key=lambda faults: _weight(faults, at))

    def _object(self, value: Thing, schema: Thing, at: str) -> Iterator[str]:
        described = schema.get("properties", {})
        yield from (f"{at}.{name}: missing" for name in schema.get("required", ()) if name not in value)
        if len(value) > schema.get("maxProperties", len(value)):
            yield f"{at}: {len(value)} entries, at most {schema['maxProperties']}"
        others = schema.get("additionalProperties")
        for name, part in value.items():
            if name in described:
                yield from self._faults(part, described[name], f"{at}.{name}")
            elif isinstance(others, dict):
                yield from self._faults(part, others, f"{at}.{name}")


@cache
def _read(path: Path) -> Description:
    return Description(json.loads(path.read_text(encoding="utf-8")))


def _weight(faults: list[str], at: str) -> tuple[bool, bool, int]:
    """Rank a branch: one whose very kind is wrong comes last."""
    whole = any(fault.startswith(f"{at}: ") and " is no " in fault for fault in faults)
    return whole, any(fault.startswith(f"{at}.type: ") for fault in faults), len(faults)


def _is_any(value: Json, wanted: Sequence[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in wanted
    if "integer" in wanted and isinstance(value, str) and value.isdecimal():
        return True
    return any(isinstance(value, _TYPES[name]) for name in wanted)


def _own_faults(value: Json, schema: Thing, at: str) -> Iterator[str]:
    """Check what a schema says of the value itself."""
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {_short(value)} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {_short(value)} is not {schema['const']!r}"
    if isinstance(value, str):
        yield from _size(len(value), schema, "Length", at)
        yield from _formed(value, schema, at)
    elif isinstance(value, list):
        yield from _size(len(value), schema, "Items", at)
        if schema.get("uniqueItems") and len({json.dumps(item, sort_keys=True) for item in value}) < len(value):
            yield f"{at}: the same twice"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _span(value, schema, at)


def _size(size: int, schema: Thing, what: str, at: str) -> Iterator[str]:
    least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}", size)
    if not least <= size <= most:
        yield f"{at}: {size}, from {least} to {most}"


def _span(number: float, schema: Thing, at: str) -> Iterator[str]:
    if not schema.get("minimum", number) <= number <= schema.get("maximum", number):
        yield f"{at}: {number}, from {schema.get('minimum')} to {schema.get('maximum')}"


def _formed(value: str, schema: Thing, at: str) -> Iterator[str]:
    pattern = schema.get("pattern")
    if pattern and not re.search(pattern, value):
        yield f"{at}: {_short(value)} is not like {pattern}"
    check = _FORMATS.get(schema.get("format", ""))
    if check and not check(value):
        yield f"{at}: {_short(value)} is no {schema['format']}"


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_uri(value: str) -> bool:
    return bool(_URI.fullmatch(value))


_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {"date-time": _is_time, "uri": _is_uri}


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
