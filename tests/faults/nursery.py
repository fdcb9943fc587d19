"""Workers that can be killed: each a process of its own that runs `python -m bot run`.

They are forked from one process that has imported all they need, so that hundreds can be started.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds


class Nursery:
    """Starts workers with an environment. Leaving the `with` kills those that are left."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()
        self.pids: set[int] = set()

    async def __aenter__(self) -> Self:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, __file__, str(self._log), cwd=ROOT, env=outside | {"PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C is for who kills them, not for them
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        for pid in list(self.pids):
            self.kill(pid)
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await asyncio.wait_for(self._process.wait(), PATIENCE)
            with suppress(ProcessLookupError):  # one that was forked while nobody waited for it any more
                os.killpg(self._process.pid, signal.SIGKILL)

    async def start(self, environment: Mapping[str, str]) -> int:
        """Start a worker and return its process id."""
        assert self._process
        assert self._process.stdin
        assert self._process.stdout
        async with self._asking:
            self._process.stdin.write(json.dumps(dict(environment)).encode() + b"\n")
            line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        pid = int(line)
        self.pids.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """Kill a worker as nothing it can see coming."""
        self._signal(pid, signal.SIGKILL)
        self.pids.discard(pid)

    def pause(self, pid: int) -> None:
        """Stop a worker where it stands."""
        self._signal(pid, signal.SIGSTOP)

    def go_on(self, pid: int) -> None:
        """Let a paused worker go on."""
        self._signal(pid, signal.SIGCONT)

    def _signal(self, pid: int, number: int) -> None:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            self.pids.discard(pid)


_OURS = ("SLACK_", "DISCORD_", "TIPFACTS_")


def _serve(log: Path) -> None:
    """Fork a worker for each line of standard input, and print its process id, until that ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks what became of them
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _work(log, json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _work(log: Path, environment: Mapping[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(ours, theirs)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    os.environ.update(environment)
    sys.argv = ["bot", "run"]
    from bot import __main__ as program  # noqa: PLC0415 (imported by whoever forked)

    code = 1
    try:
        program.main()
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else 1
    except Exception:  # noqa: BLE001 (whatever it is, the log has it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


_NEEDED = (
    "adapters.discord.front",
    "adapters.discord.messenger",
    "adapters.scheduler",
    "adapters.slack.front",
    "adapters.slack.messenger",
    "bot.__main__",
    "bot.digests.sender",
    "bot.runtime",
    "bot.service",
)

if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of libraries, about what they import
    for module in _NEEDED:
        importlib.import_module(module)
    _serve(Path(sys.argv[1]))
