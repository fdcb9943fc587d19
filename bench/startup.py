"""How long a one-shot question takes beside a bare script that opens the same file and runs one query.

Prints the median of each over interleaved rounds, and their ratio; the bound is 2.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
BOUND = 2.0
BARE = """
import sys
import sqlalchemy
engine = sqlalchemy.create_engine("sqlite:///" + sys.argv[1])
with engine.connect() as connection:
    print(connection.execute(sqlalchemy.text("SELECT count(*) FROM facts")).scalar())
"""


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return how long a command takes from start to end."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def main() -> None:
    """Run the rounds and print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(
                Path(folder) / "pycache"
            ),  # an installation has its byte code: compiling is no start
            "TIPFACTS_DATABASE_URL": f"sqlite:///{file}",
        }
        ask = [sys.executable, "-m", "bot", "ask", "screenings"]
        bare = [sys.executable, "-c", BARE, str(file)]
        seconds(ask, environment)  # makes the database and the byte code
        seconds(bare, environment)
        asked, bared = [], []
        for _ in range(ROUNDS):
            asked.append(seconds(ask, environment))
            bared.append(seconds(bare, environment))
    ratio = statistics.median(asked) / statistics.median(bared)
    print(f"ask screenings  median {1000 * statistics.median(asked):6.0f} ms")
    print(f"bare script     median {1000 * statistics.median(bared):6.0f} ms")
    print(f"ratio {ratio:.2f} (bound {BOUND:.0f}) {'ok' if ratio <= BOUND else 'OVER'}")


if __name__ == "__main__":
    main()
