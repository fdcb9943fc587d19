"""Loggers for Slack's libraries that tell no secret.

Below INFO they print whatever goes over the wire, and a failed connection is logged with the address it was made to,
which for Socket Mode holds a ticket.
"""

import logging
from typing import Final

from bot.discreet import discreet


class _Discretion(logging.Filter):
    """Cuts what may be a secret out of what is logged; a traceback is logged as text, cut likewise."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info:
            record.exc_text = discreet(_FORMATTER.formatException(record.exc_info))
            record.exc_info = None
        return True


_FORMATTER: Final = logging.Formatter()
_DISCRETION: Final = _Discretion()


def quiet_logger(name: str) -> logging.Logger:
    """Return a logger for one of Slack's libraries: discreet, and with nothing below INFO whatever the root's level."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logging.getLogger().level))
    logger.addFilter(_DISCRETION)  # added once, however often
    return logger
