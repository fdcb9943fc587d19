"""Telling the log of an error without the secrets that its text may carry: tokens, tickets, addresses that are keys."""

import re
import traceback

_IN_URL = re.compile(r"(\w+://)[^\s/@'\"]+@")  # a user and password
_QUERY = re.compile(r"(\w+://[^\s?'\"<>]+)\?[^\s'\"<>)]*")  # a ticket to a socket
_TOKEN = re.compile(r"\bx(?:ox[a-z]|app|wfp)-[\w-]+")  # Slack's
_LONG = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}")  # Discord's; the end of a response address


def discreet(text: str) -> str:
    """Return the text with what may be a secret cut out."""
    text = _QUERY.sub(r"\1?…", _IN_URL.sub(r"\1…@", text))
    return _LONG.sub("…", _TOKEN.sub("…", text))


def error_line(error: BaseException) -> str:
    """Return in one line what went wrong and in which line of which file."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    said = " ".join(discreet(str(error)).split())
    return f"{type(error).__name__}{where}" + (f": {said}" if said else "")


def error_story(error: BaseException) -> str:
    """Return the whole traceback."""
    return discreet("".join(traceback.format_exception(error))).rstrip()
