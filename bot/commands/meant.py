"""Which command was meant by a word that is none."""

from bot.answering.spelling import SHORTEST
from bot.answering.terms import is_known_word
from bot.commands.command import Command
from bot.commands.table import COMMANDS, command_named

_ENDINGS = frozenset(("stop", "end", "quit", "cancel", "停止", "取消"))
_LONG = 7  # letters from which two slips are forgiven


def command_meant(line: str) -> Command | None:
    """Return the command whose name was most likely mistyped as a line's first word; None where none is near enough. A
    word that a dictionary has is no slip, but some say “stop” and nothing else to end digests.
    """
    first, _, rest = line.casefold().partition(" ")
    typed = first.strip("?!.")
    if typed in _ENDINGS and not rest:
        return command_named("unsubscribe")
    if len(typed) < SHORTEST or not typed.isascii() or not typed.isalpha() or is_known_word(typed):
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (only for a misspelt word)
    from rapidfuzz.process import extractOne  # noqa: PLC0415

    names = [name for command in COMMANDS for name in command.names if len(name) >= SHORTEST]
    near = extractOne(typed, names, scorer=OSA.distance, score_cutoff=2 if len(typed) >= _LONG else 1)
    return command_named(near[0]) if near else None
