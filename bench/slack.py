"""What a signed `/tipfacts screenings` over HTTP costs, beside a bare bolt app that acknowledges "hello".

Prints medians over interleaved rounds, and the ratios with their bounds: latency at concurrency 1 at most half of what
bolt's default app takes (it polls for the acknowledgement); processor time per request at most 4 times, and throughput
at concurrency 16 at least a quarter, of bolt's app when it processes before it responds.
"""

import asyncio
import hashlib
import hmac
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

ROUNDS = int(os.environ.get("TIPFACTS_BENCH_ROUNDS", "5"))
ALONE, TOGETHER, AT_ONCE = 150, 480, 16  # requests one by one, requests at once, and how many at once
LATENCY_BOUND, CPU_BOUND, THROUGHPUT_BOUND = 0.5, 4.0, 0.25
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 (of this run only)
TEAM, BOT = "T0BENCH", "U0BOT"
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0  # seconds for a server to answer for the first time


@dataclass
class Server:
    """A server under test: its address and process, and what was measured, round by round."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    latency: list[float] = field(default_factory=list)  # seconds, the median of a round
    cpu: list[float] = field(default_factory=list)  # seconds of processor time a request
    throughput: list[float] = field(default_factory=list)  # requests a second

    def cpu_seconds(self) -> float:
        """Return the processor time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def api(request: web.Request) -> web.Response:
    """Answer the few calls that an app makes at its start."""
    if request.path.endswith("auth.test"):
        names = {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BENCH", "team": "bench", "user": "tipfacts"}
        return web.json_response({"ok": True, "url": "https://bench.slack.com/", **names})
    return web.json_response({"ok": False, "error": "missing_scope"})


@asynccontextmanager
async def slack_api() -> AsyncIterator[str]:
    """Serve what stands for Slack's Web API; yields its address."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", api)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/api/"
    finally:
        await runner.cleanup()


def signed(number: int) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a slash command as Slack sends it."""
    fields = {
        "token": "unused",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "C0BENCH",
        "channel_name": "desk",
        "user_id": "U0ASKER",
        "user_name": "asker",
        "command": "/tipfacts",
        "text": "screenings",
        "api_app_id": "A0BENCH",
        "response_url": "http://127.0.0.1:9/never",
        "trigger_id": f"{number}.{time.time_ns()}",
    }
    body, now = urlencode(fields).encode(), str(int(time.time()))
    digest = hmac.new(SECRET.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={digest}",
    }


async def ask(session: aiohttp.ClientSession, server: Server, number: int) -> float:
    """Send one command and return how long its acknowledgement took. Raises ValueError where it is no answer."""
    body, headers = signed(number)
    started = time.perf_counter()
    async with session.post(server.url, data=body, headers=headers) as response:
        text = await response.text()
    taken = time.perf_counter() - started
    if response.status != web.HTTPOk.status_code or ("11,000" if server.name == "tipfacts" else "hello") not in text:
        raise ValueError(f"{server.name} replied {response.status}: {text[:200]}")
    return taken


async def measure(session: aiohttp.ClientSession, server: Server) -> None:
    """Measure one round."""
    before = server.cpu_seconds()
    server.latency.append(statistics.median([await ask(session, server, number) for number in range(ALONE)]))
    numbers = iter(range(TOGETHER))

    async def worker() -> None:
        for number in numbers:
            await ask(session, server, number)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    server.throughput.append(TOGETHER / (time.perf_counter() - started))
    server.cpu.append((server.cpu_seconds() - before) / (ALONE + TOGETHER))


@asynccontextmanager
async def serving(
    name: str, command: Sequence[str], environment: dict[str, str], session: aiohttp.ClientSession
) -> AsyncIterator[Server]:
    """Start a server and wait until it answers; it is ended with the block."""
    port = free_port()
    process = subprocess.Popen(  # noqa: ASYNC220 (nothing else runs yet)
        [sys.executable, *command],
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(name, f"http://127.0.0.1:{port}/slack/events", process)
    try:
        await _answers(session, server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


async def _answers(session: aiohttp.ClientSession, server: Server) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            await ask(session, server, 0)
        except (aiohttp.ClientError, ValueError):
            if time.monotonic() > deadline or server.process.poll() is not None:
                raise
            await asyncio.sleep(0.1)
        else:
            return


def verdict(name: str, value: float, bound: float, *, at_most: bool) -> str:
    """Return one line of the result."""
    kept = value <= bound if at_most else value >= bound
    words = "at most" if at_most else "at least"
    return f"{name:46} {value:6.2f} (bound: {words} {bound:g}) {'ok' if kept else 'OVER' if at_most else 'UNDER'}"


async def main() -> None:
    """Run the rounds and print the ratios."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        session = await stack.enter_async_context(aiohttp.ClientSession())
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DISCORD_"))},
            "SLACK_API_URL": await stack.enter_async_context(slack_api()),
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "TIPFACTS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
        }
        commands = {
            "bolt": ["-m", "bench.hello_bolt"],
            "bolt before": ["-m", "bench.hello_bolt", "before"],
            "tipfacts": ["-m", "bot", "run"],
        }
        servers = {
            name: await stack.enter_async_context(serving(name, command, environment, session))
            for name, command in commands.items()
        }
        for _ in range(ROUNDS):
            for server in servers.values():
                await measure(session, server)
    report(servers)


def report(servers: dict[str, Server]) -> None:
    """Print what was measured."""
    for server in servers.values():
        latency, cpu, many = (statistics.median(each) for each in (server.latency, server.cpu, server.throughput))
        print(f"{server.name:12} latency {1000 * latency:6.2f} ms  cpu {1000 * cpu:6.2f} ms  {many:7.0f} requests/s")

    def ratio(what: Callable[[Server], list[float]], floor: str) -> float:
        return statistics.median(what(servers["tipfacts"])) / statistics.median(what(servers[floor]))

    latency = ratio(lambda server: server.latency, "bolt")
    cpu = ratio(lambda server: server.cpu, "bolt before")
    throughput = ratio(lambda server: server.throughput, "bolt before")
    print(verdict("latency, alone, to bolt's default", latency, LATENCY_BOUND, at_most=True))
    print(verdict("processor time a request, to bolt before", cpu, CPU_BOUND, at_most=True))
    print(verdict(f"throughput, {AT_ONCE} at once, to bolt before", throughput, THROUGHPUT_BOUND, at_most=False))


if __name__ == "__main__":
    asyncio.run(main())
