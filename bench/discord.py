"""What a `/tipfacts` in Discord costs, from the gateway's event to its callback, beside a bare discord.py bot that
answers "hello".

Prints medians over interleaved rounds, and the medians of each round's ratios with their bounds: latency at most 3
times, and resident memory at most twice, that of the bare bot.
"""

import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.discord_stub import Stub, discord_stub

ROUNDS = int(os.environ.get("TIPFACTS_BENCH_ROUNDS", "21"))
WARM_UP, ASKED = 40, 60  # commands before the first round, and in each
LATENCY_BOUND, MEMORY_BOUND = 3.0, 2.0
LINES = {  # what is asked, with a part of the answer
    "screenings": "11,000",
    "how many screenings were there in 2023?": "11,000",
    "how many victims were identified in 2023?": "three victims",
    "history F12": "F12",
}
TOKEN = "MTAwMQ.bench.of-no-app"  # noqa: S105 (opens nothing but the stub)
_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024
_PATIENCE = 60.0  # seconds for a bot to connect


@dataclass
class Server:
    """A bot under test: its Discord and process, and what was measured, round by round."""

    name: str
    stub: Stub
    process: subprocess.Popen[bytes]
    latency: list[float] = field(default_factory=list)  # seconds, the median of a round
    memory: list[float] = field(default_factory=list)  # bytes that are resident after a round
    lines: "itertools.cycle[tuple[str, str]]" = field(default_factory=lambda: itertools.cycle(LINES.items()))

    def resident(self) -> float:
        """Return the bytes that the process holds in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return float(line.split()[1]) * _KILOBYTE


async def ask(server: Server) -> float:
    """Send one command and return how long its callback took. Raises ValueError where that is no answer."""
    line, part = next(server.lines)
    taken, body = await server.stub.ask(line)
    if (part if server.name == "tipfacts" else "hello") not in str(body.get("data")):
        raise ValueError(f"{server.name} replied to {line!r}: {str(body)[:300]}")
    return taken


async def measure(server: Server) -> None:
    """Measure one round."""
    server.latency.append(statistics.median([await ask(server) for _ in range(ASKED)]))
    server.memory.append(server.resident())


@asynccontextmanager
async def serving(name: str, command: Sequence[str], environment: dict[str, str]) -> AsyncIterator[Server]:
    """Start a bot with a Discord of its own and wait until it answers; it is ended with the block."""
    async with discord_stub() as stub:
        process = subprocess.Popen(  # noqa: ASYNC220 (nothing else runs yet)
            [sys.executable, *command],
            env={**environment, "DISCORD_API_URL": stub.url},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        server = Server(name, stub, process)
        try:
            await asyncio.wait_for(stub.ready.wait(), _PATIENCE)
            for _ in range(WARM_UP):
                with suppress(ValueError):  # the very first question may be answered by a promise
                    await ask(server)
            yield server
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, _PATIENCE)


def verdict(name: str, value: float, bound: float) -> str:
    """Return one line of the result."""
    return f"{name:46} {value:6.2f} (bound: at most {bound:g}) {'ok' if value <= bound else 'OVER'}"


async def main() -> None:
    """Run the rounds and print the ratios."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        ours = ("SLACK_", "DISCORD_", "TIPFACTS_")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            "DISCORD_TOKEN": TOKEN,
            "TIPFACTS_DATABASE_URL": f"sqlite:///{folder}/bench.db",
        }
        upgrade = [sys.executable, "-m", "bot", "db", "upgrade", "--quiet"]  # as the Procfile's release does
        subprocess.run(upgrade, env=environment, check=True)  # noqa: ASYNC221 (nothing else runs yet)
        commands = {"discord.py": ["-m", "bench.hello_discord"], "tipfacts": ["-m", "bot", "run"]}
        servers = {
            name: await stack.enter_async_context(serving(name, command, environment))
            for name, command in commands.items()
        }
        for _ in range(ROUNDS):
            for server in servers.values():
                await measure(server)
    report(servers)


def report(servers: dict[str, Server]) -> None:
    """Print what was measured."""
    for server in servers.values():
        latency, memory = statistics.median(server.latency), statistics.median(server.memory)
        print(f"{server.name:12} latency {1000 * latency:6.2f} ms  resident {memory / _MEGABYTE:6.1f} MB")

    def ratio(what: Callable[[Server], list[float]]) -> float:
        rounds = zip(what(servers["tipfacts"]), what(servers["discord.py"]), strict=True)
        return statistics.median(ours / floor for ours, floor in rounds)

    print(verdict("latency, event to callback, to discord.py", ratio(lambda server: server.latency), LATENCY_BOUND))
    print(verdict("resident memory, to discord.py", ratio(lambda server: server.memory), MEMORY_BOUND))


if __name__ == "__main__":
    asyncio.run(main())
