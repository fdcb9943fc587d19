"""Taking turns: threads that may only do something one at a time, in the order they came."""

from collections import deque
from threading import Event, Lock
from types import TracebackType


class NoTurnError(Exception):
    """Others took too long."""


class Turns:
    """A lock for `with` that is fair, which those of threading and of connection pools are not: a thread that works off
    many small writes would get it back again and again while others wait for seconds.

    Raises NoTurnError after waiting `patience` seconds. A thread that has it must not ask for it again.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    def __enter__(self) -> None:
        gate = self._queue_up()
        if gate is None:
            return
        came = False
        try:
            came = gate.wait(self._patience)
        finally:  # also where the wait is interrupted
            if not came:
                self._step_out(gate)
        if not came:
            raise NoTurnError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._pass_on()

    def _queue_up(self) -> Event | None:
        """Take the turn if it is free, else return the gate that opens when it is ours."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return None
            gate = Event()
            self._waiting.append(gate)
            return gate

    def _step_out(self, gate: Event) -> None:
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
            else:  # it became ours at the last moment
                self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._taken = False
