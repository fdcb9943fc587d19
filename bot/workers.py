"""The threads in which the core and the store are called from a loop: what writes never keeps an answer waiting, nor a
change that waits its turn what is kept.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

READERS, WRITERS, CHANGERS = 8, 2, 2
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Workers:
    """Pools of threads: one that answers, one that keeps things in the store, one that makes changes."""

    def __init__(self) -> None:
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="answers")
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="keeping")
        self._changers = ThreadPoolExecutor(CHANGERS, thread_name_prefix="changes")

    async def read(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what the work returns, or raise what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, lambda: work(*args, **kwargs))

    async def write(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """The same, for what only writes."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, lambda: work(*args, **kwargs))

    async def change(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """The same, for a change that somebody asked for."""
        return await asyncio.get_running_loop().run_in_executor(self._changers, lambda: work(*args, **kwargs))
