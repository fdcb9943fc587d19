"""The commands that carry the library in and out: `import` and `export`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from adapters.console.rooms import Rooms
from adapters.console.visible import visible
from bot.domain.changes import Applied

STANDARD_INPUT = "<stdin>"

_IMPORT_HELP = """Load a library file (YAML or JSON): add what is new, update what changed.

Entries are known by their key, so that loading a file twice changes nothing. If anything in the file is wrong, each
problem is named with its line and nothing is loaded. FILE may be - for standard input.

\b
Examples:
  python -m bot import statements.yaml --dry-run
  python -m bot import statements.yaml
  python -m bot export | ssh desk python -m bot import -
"""
_EXPORT_HELP = """Write the whole library as a library file, to FILE or to standard output.

What it writes, `import` reads.

\b
Examples:
  python -m bot export > library.yaml
  python -m bot export library.json
  python -m bot export library.yaml --force
"""


@click.command("import", help=_IMPORT_HELP, short_help="Load a library file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what it would do, and write nothing.")
@click.pass_obj
def import_library(rooms: Rooms, *, file: Path, dry_run: bool) -> None:
    """Load a library file."""
    name, data = _read(file)
    with rooms.opened() as installation:
        applied = installation.operator.import_file(name, data, at=datetime.now(UTC), dry_run=dry_run)
    for line in _applied_lines(applied, dry_run=dry_run):
        click.echo(visible(line))


@click.command("export", help=_EXPORT_HELP, short_help="Write the whole library as a file.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json"]),
    help="What to write.  [default: json for FILE.json, else yaml]",
)
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.pass_obj
def export_library(rooms: Rooms, *, file: Path | None, form: str | None, force: bool) -> None:
    """Write the library as a file."""
    if file and file.exists() and not force:
        raise click.ClickException(f"{file} exists; --force overwrites it.")
    as_json = form == "json" if form else file is not None and file.suffix == ".json"
    with rooms.opened() as installation:
        text = installation.operator.export(as_json=as_json)
    if file:
        _write(file, text, force=force)
    else:
        click.echo(text, nl=not text.endswith("\n"))


def _read(file: Path) -> tuple[str, bytes]:
    if str(file) == "-":
        return STANDARD_INPUT, sys.stdin.buffer.read() if sys.stdin else b""
    try:
        return str(file), file.read_bytes()
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error


def _write(file: Path, text: str, *, force: bool) -> None:
    try:
        with file.open("w" if force else "x", encoding="utf-8", newline="\n") as target:
            target.write(text if text.endswith("\n") else f"{text}\n")
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error


def _applied_lines(applied: Applied, *, dry_run: bool) -> list[str]:
    would = "Would add" if dry_run else "Added"
    lines = [f"{would} {applied.added}, change {applied.changed}, leave {applied.unchanged} as they are."]
    if not dry_run:
        lines = [f"Added {applied.added}, changed {applied.changed}, left {applied.unchanged} as they were."]
    if applied.kept:
        lines.append(f"Kept what an editor wrote: {', '.join(applied.kept)}")
    return [*lines, "Nothing was written."] if dry_run else lines
