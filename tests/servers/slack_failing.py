"""Failures that a test asks for: the next calls of a method go wrong in a chosen way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Matches = Callable[[Mapping[str, Any]], bool]


@dataclass
class Failure:
    """How a call goes wrong, and how many more of them.

    `late` seconds pass before it acts, though nobody may be waiting for it any more. `delay` seconds pass after the
    call has acted and before it is answered; `lose_reply` acts and then closes the connection; `drop` closes it
    without acting; `status` or `error` answer without acting unless `acts`.
    """

    method: str
    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    lose_reply: bool = False
    drop: bool = False
    delay: float = 0.0
    late: float = 0.0
    acts: bool = False
    times: int = 1
    where: Matches | None = None

    @property
    def acts_first(self) -> bool:
        """Whether the call does what it says before it fails."""
        return self.acts or not (self.drop or self.status or self.error)

    @property
    def http_status(self) -> int:
        return self.status or (429 if self.error == "ratelimited" else 200)

    @property
    def headers(self) -> dict[str, str]:
        wait = 1 if self.error == "ratelimited" and self.retry_after is None else self.retry_after
        return {} if wait is None else {"Retry-After": str(wait)}


class Failures:
    """What is still to go wrong, oldest first."""

    def __init__(self) -> None:
        self.waiting: list[Failure] = []

    def add(self, failure: Failure) -> None:
        self.waiting.append(failure)

    def take(self, method: str, arguments: Mapping[str, Any]) -> Failure | None:
        """Return the failure that this call meets, if any, and use it up once."""
        for failure in self.waiting:
            if failure.method == method and (failure.where is None or failure.where(arguments)):
                failure.times -= 1
                if failure.times <= 0:
                    self.waiting.remove(failure)
                return failure
        return None
