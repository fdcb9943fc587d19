"""Loggers for Slack's libraries and for the server over HTTP that tell no secret.

Below INFO the libraries print whatever goes over the wire, and a failed connection is logged with the address it was
made to, which for Socket Mode holds a ticket. The server logs, with a traceback and what was sent, each request that is
no HTTP: on a public port these never end.
"""

import logging
from typing import Final

from aiohttp import ClientError
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

from bot.discreet import discreet


class _Discretion(logging.Filter):
    """Cuts what may be a secret out of what is logged, which is one line; a traceback is logged as text, cut likewise,
    and none where slack_sdk could not connect: its line says why, and it comes every few seconds.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(" ".join(record.getMessage().split())), None
        if record.exc_info and record.msg.startswith(_AGAIN_AND_AGAIN):
            record.exc_info = None
        if record.exc_info:
            record.exc_text = discreet(_FORMATTER.formatException(record.exc_info))
            record.exc_info = None
        return True


_AGAIN_AND_AGAIN: Final = "Failed to connect"
# What is raised where a request breaks off or is none.
NO_HTTP = (ClientError, ConnectionError, HttpProcessingError, RequestPayloadError)


class _OneLine(logging.Filter):
    """Tells of what is no HTTP in one line of our own, without what was sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if not isinstance(error, NO_HTTP):
            return True
        log.info("a request was refused that is no HTTP: %s", type(error).__name__)
        return False


log = logging.getLogger(__name__)

_FORMATTER: Final = logging.Formatter()
_DISCRETION: Final = _Discretion()
_ONE_LINE: Final = _OneLine()


def quiet_logger(name: str) -> logging.Logger:
    """Return a logger for one of Slack's libraries: discreet, and with nothing below INFO whatever the root's level."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logging.getLogger().level))
    logger.addFilter(_DISCRETION)  # added once, however often
    return logger


def server_logger() -> logging.Logger:
    """Return a logger for the server over HTTP: discreet, and brief about what is no HTTP."""
    name = f"{__name__}.server"
    logging.getLogger(name).addFilter(_ONE_LINE)  # before the other, which makes text of errors
    return quiet_logger(name)
