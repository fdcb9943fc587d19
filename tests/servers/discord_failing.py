"""Failures that a test asks for: the next calls of a route go wrong in a chosen way."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

Matches = Callable[[Any], bool]
CODES = {401: 0, 403: 50001, 404: 10003, 429: 0}
WORDS = {401: "401: Unauthorized", 403: "Missing Access", 404: "Unknown Channel"}


@dataclass
class Failure:
    """How a call goes wrong, and how many more of them.

    `late` seconds pass before it acts, though nobody may be waiting for it any more. `delay` seconds pass after the
    call has acted and before it is answered; `lose_reply` acts and then closes the connection; `drop` closes it
    without acting; a `status` answers without acting unless `acts`. A 429 names `retry_after` (seconds), is `global_`
    or not, and carries Discord's `Via` header unless `via` is False: then it is the page of the proxy in front, as it
    is for who was banned.
    """

    route: str
    status: int | None = None
    code: int | None = None
    message: str | None = None
    retry_after: float | None = None
    global_: bool = False
    via: bool = True
    lose_reply: bool = False
    drop: bool = False
    delay: float = 0.0
    late: float = 0.0
    acts: bool = False
    times: int = 1
    where: Matches | None = None

    def __post_init__(self) -> None:
        if self.status is None and self.retry_after is not None:
            self.status = 429
        if self.status is None and self.code is not None:
            self.status = 400

    @property
    def acts_first(self) -> bool:
        """Whether the call does what it says before it fails."""
        return self.acts or not (self.drop or self.status)

    @property
    def wait(self) -> float:
        return 1.0 if self.retry_after is None else self.retry_after

    def page(self) -> str | None:
        """Return what is answered in place of JSON: by a server that fails, and by the proxy."""
        status = self.status or 0
        if (status >= 500 and self.message is None) or (status == 429 and not self.via):
            return f"<html><title>{status}</title>upstream failed</html>"
        return None

    def body(self) -> dict[str, Any]:
        """Return the JSON of the error."""
        status = self.status or 0
        if status == 429:
            found: dict[str, Any] = {"message": self.message or "You are being rate limited."}
            found |= {"retry_after": self.wait, "global": self.global_}
            return found | ({"code": self.code} if self.code else {})
        code = CODES.get(status, 0) if self.code is None else self.code
        return {"message": self.message or WORDS.get(status, f"{status}: failed"), "code": code}

    def headers(self) -> dict[str, str]:
        """Return the headers that the failure adds."""
        if self.status != 429:
            return {}
        found = {"Retry-After": str(max(1, round(self.wait)))}
        if self.via:
            scope = "global" if self.global_ else "user"
            found |= {"X-RateLimit-Scope": scope} | ({"X-RateLimit-Global": "true"} if self.global_ else {})
        return found


class Failures:
    """What is still to go wrong, oldest first."""

    def __init__(self) -> None:
        self.waiting: list[Failure] = []

    def add(self, failure: Failure) -> None:
        self.waiting.append(failure)

    def take(self, call: Any) -> Failure | None:  # noqa: ANN401 (a Call, which knows of failures)
        """Return the failure that this call meets, if any, and use it up once."""
        for failure in self.waiting:
            if fits(failure.route, call.method, call.path) and (failure.where is None or failure.where(call)):
                failure.times -= 1
                if failure.times <= 0:
                    self.waiting.remove(failure)
                return failure
        return None


def fits(pattern: str, method: str, path: str) -> bool:
    """Whether a call is of that route: "POST /channels/{}/messages", the method left out for any.

    {...} stands for one part of the path, * for any number of them.
    """
    wanted, _, rest = pattern.rpartition(" ")
    return wanted in ("", method) and bool(_expression(rest).fullmatch(path))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]*\}|\*)", pattern)
    return re.compile("".join(".*" if p == "*" else "[^/]+" if p.startswith("{") else re.escape(p) for p in parts))
