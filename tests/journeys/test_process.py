"""The program as people run it: real processes on a real file, through pipes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library import SCREENINGS_2021, STATEMENT_2022

ROOT = Path(__file__).parents[2]
A_MINUTE = 60


class Program:
    """`python -m bot` over one database file."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.file = folder / "tipfacts.db"
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TIPFACTS_", "SLACK_", "DISCORD_"))
        }
        self.environment: Mapping[str, str] = {
            **clean,
            "TIPFACTS_DATABASE_URL": f"sqlite:///{self.file}",
            "XDG_STATE_HOME": str(folder),
            "TERM": "dumb",
            **settings,
        }

    def __call__(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            check=False,
            capture_output=True,
            text=True,
            input=typed,
            env=self.environment,
            cwd=ROOT,
            timeout=A_MINUTE,
        )


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path, TIPFACTS_ADMINS="console")


def test_a_first_question_migrates_seeds_and_answers(program: Program) -> None:
    done = program("ask", "how many screenings were there in 2023?", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    reply = json.loads(done.stdout)
    assert reply["kind"] == "answer"
    fact = reply["facts"][0]
    assert (fact["topic"], fact["value"], fact["qualifier"], fact["period"]) == ("screenings", 11000, "about", "2023")
    assert (fact["speaker"], fact["said_on"], fact["voice"]) == ("HKSAR Government", "2024-06-25", "paraphrased")
    assert (fact["standing"], fact["unit"], fact["quote"]) == ("current", "initial screenings", None)
    assert fact["source"]["publisher"] == "Dimsum Daily"
    assert fact["source"]["url"].startswith("https://www.dimsumdaily.hk/")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["ask", "screenings"], 0),
        (["ask", "help"], 0),
        (["ask", "*"], 3),
        (["ask", "x" * 5000], 1),
        (["ask", "add"], 1),
        (["ask"], 2),
        (["ask", "--locale", "fr", "screenings"], 2),
        (["tick", "--at", "2026-11-23T09:00:00"], 2),
        (["import", "/nowhere/file.yaml"], 2),
        (["nonsense"], 2),
    ],
)
def test_the_exit_status_says_what_came_of_it(program: Program, words: list[str], status: int) -> None:
    done = program(*words)
    assert done.returncode == status, done
    assert "Traceback" not in done.stdout + done.stderr


def test_many_questions_are_answered_in_one_process(program: Program) -> None:
    lines = [
        json.dumps({"id": "a", "question": "screenings", "locale": "en"}),
        "not json",
        json.dumps({"id": "b", "question": "甄別", "locale": "zh-Hant"}),
    ]
    done = program("ask", "--jsonl", typed="\n".join(lines) + "\n")
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(reply["id"], reply["kind"]) for reply in replies] == [("a", "answer"), (None, "error"), ("b", "answer")]
    assert "約" in replies[2]["text"]


def test_asking_never_changes_anything(program: Program) -> None:
    program("ask", "screenings")
    before = program("export").stdout
    assert program("ask", "subscribe").returncode == 1
    assert program("ask", "claim 0000-0000").returncode == 1
    assert program("export").stdout == before
    assert "subscribe" not in program("ask", "log").stdout


def test_the_whole_job_through_a_pipe(program: Program) -> None:
    statement = [STATEMENT_2022[name] for name in ("speaker", "date", "title", "link")]
    fact = [SCREENINGS_2021[name] for name in ("topic", "text", "value", "unit", "period")]
    typed = [
        "subscribe daily at 09:00",
        "add",
        *statement,
        "",
        *fact,
        "",
        SCREENINGS_2021["change"],
        "",
        "",
        "review",
        "confirm",
    ]
    done = program("console", "--plain", typed="\n".join([*typed, "screenings", ""]))
    assert "Added as S4" in done.stdout, done.stdout
    assert "approximately 7,700 (2021) → approximately 11,000 (2023); 2022 not held" in done.stdout

    tomorrow = (datetime.now(UTC) + timedelta(hours=25)).isoformat()
    first = program("tick", "--at", tomorrow)
    assert "7,700" in first.stdout
    assert "https://www.news.gov.hk/" in first.stdout
    second = program("tick", "--at", tomorrow)
    assert second.stdout == ""


def test_a_claim_code_makes_the_console_admin(tmp_path: Path) -> None:
    program = Program(tmp_path)
    code = program("claim-code").stdout.strip()
    done = program("console", "--plain", typed=f"add\nclaim {code}\nroles\n")
    assert "needs the role" in done.stdout
    assert "Your role: admin" in done.stdout


def test_an_export_is_imported_into_an_empty_library(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "library.yaml"
    assert program("export", str(file)).returncode == 0
    (tmp_path / "other").mkdir()
    other = Program(tmp_path / "other", TIPFACTS_SEEDS="none")
    assert other("ask", "screenings").returncode == 3
    assert other("import", str(file)).returncode == 0
    assert other("export").stdout == file.read_text(encoding="utf-8")
    again = other("import", str(file))
    assert again.returncode == 0
    assert again.stdout.startswith("Added 0, changed 0,")


def test_a_refused_import_names_file_line_and_reason_and_loads_nothing(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("topics:\n  - {key: new, label: New}\nfacts:\n  - {topic: new, text: A fact}\n", encoding="utf-8")
    done = program("import", str(file))
    assert done.returncode == 1
    assert "bad.yaml:4: a fact without a source" in done.stderr
    assert "New" not in program("ask", "topics").stdout


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("TIPFACTS_DATABASE_URL", "nonsense"),
        ("TIPFACTS_DATABASE_URL", "mysql://u:hunter2@127.0.0.1/x"),
        ("TIPFACTS_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:1/x"),
        ("TIPFACTS_DATABASE_URL", "sqlite:////proc/nowhere/x.db"),
        ("TIPFACTS_ADMINS", "hunter2 bob"),
        ("TIPFACTS_SEEDS", "/nowhere"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_secrets(tmp_path: Path, setting: str, value: str) -> None:
    done = Program(tmp_path, **{setting: value})("ask", "screenings")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    if setting == "TIPFACTS_DATABASE_URL":
        assert "hunter2" not in done.stderr


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.file.write_text("my notes " * 200, encoding="utf-8")
    done = program("ask", "screenings")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert program.file.read_text(encoding="utf-8").startswith("my notes")


def test_run_serves_until_it_is_told_to_stop(program: Program) -> None:
    program("console", "--plain", typed="subscribe\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        env=program.environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        assert any("serving" in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=A_MINUTE) == 0
    finally:
        process.kill()
        process.communicate()
