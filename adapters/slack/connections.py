"""The connections that are open to the server over HTTP: bounded in number, and none that stays silent.

aiohttp waits an hour for the head of a request, the first on a connection as well as any other.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

HEAD_PATIENCE = 10.0  # seconds for the head of a connection's first request to arrive
KEPT = 150.0  # seconds that a connection may be idle between two requests; proxies give theirs up sooner
MOST_CONNECTIONS = 500


class Connections:
    """Makes the connections of a server, and ends those on which nothing comes.

    Where there are too many, the one that has waited longest for a request goes; where none waits, the new one.
    """

    def __init__(self) -> None:
        self._open: set[asyncio.Transport] = set()
        self._waiting: dict[asyncio.Transport, asyncio.TimerHandle] = {}  # for a request, the longest first

    def accept(self, speak: Callable[[], asyncio.Protocol]) -> asyncio.Protocol:
        """Return a new connection, on which what `speak` returns is to speak."""
        return _Connection(speak(), self)

    @web.middleware
    async def heard(self, request: web.Request, handler: "Handler") -> web.StreamResponse:
        """Have a request answered whose head has arrived."""
        transport = request.transport
        if transport is None:  # it has ended already
            return await handler(request)
        self._wait_no_more(transport)
        try:
            return await handler(request)
        finally:
            if transport in self._open:
                self._wait(transport, KEPT)

    def opened(self, transport: asyncio.Transport) -> None:
        """Take note of a new connection."""
        self._open.add(transport)
        self._wait(transport, HEAD_PATIENCE)
        if len(self._open) > MOST_CONNECTIONS:
            next(iter(self._waiting)).abort()

    def closed(self, transport: asyncio.Transport) -> None:
        """Forget a connection that has ended."""
        self._open.discard(transport)
        self._wait_no_more(transport)

    def _wait(self, transport: asyncio.Transport, seconds: float) -> None:
        self._waiting[transport] = asyncio.get_running_loop().call_later(seconds, transport.abort)

    def _wait_no_more(self, transport: asyncio.Transport) -> None:
        timer = self._waiting.pop(transport, None)
        if timer:
            timer.cancel()


class _Connection(asyncio.Protocol):
    """One connection; it tells when it begins and ends, and leaves all else to who speaks on it."""

    def __init__(self, speaker: asyncio.Protocol, connections: Connections) -> None:
        self._speaker = speaker
        self._connections = connections
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._speaker.connection_made(transport)
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._connections.opened(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport:
            self._connections.closed(self._transport)
        self._speaker.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._speaker.data_received(data)

    def eof_received(self) -> bool | None:
        return self._speaker.eof_received()

    def pause_writing(self) -> None:
        self._speaker.pause_writing()

    def resume_writing(self) -> None:
        self._speaker.resume_writing()
