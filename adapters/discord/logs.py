"""Loggers for discord.py that tell no secret.

Below INFO it prints whatever goes over the wire; above, the addresses of calls, and those under which interactions are
answered are keys.
"""

import logging
from typing import Final

from bot.discreet import discreet

_LOGGERS: Final = (
    "discord",
    "discord.client",
    "discord.gateway",
    "discord.guild",
    "discord.http",
    "discord.shard",
    "discord.state",
    "discord.ui.view",
    "discord.webhook.async_",
)
_FORMATTER: Final = logging.Formatter()


class _Discretion(logging.Filter):
    """Cuts what may be a secret out of what is logged; a traceback is logged as text, cut likewise."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), None
        if record.exc_info:
            record.exc_text = discreet(_FORMATTER.formatException(record.exc_info))
            record.exc_info = None
        return True


_DISCRETION: Final = _Discretion()


def quieten() -> None:
    """Have discord.py's loggers tell no secret, and nothing below INFO whatever the root's level."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.INFO, logging.getLogger().level))
        logger.addFilter(_DISCRETION)  # added once, however often
