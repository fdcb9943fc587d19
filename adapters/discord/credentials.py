"""What is wrong with the bot's token or Discord's address by their looks: such a token is sent to nobody."""

import re
from typing import Final
from urllib.parse import urlsplit

from bot.settings import DiscordSettings

_TOKEN: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
_LOOKS: Final = (
    (re.compile(r"\d{15,20}"), "the application’s id"),
    (re.compile(r"[0-9a-f]{64}"), "the application’s public key"),
    (re.compile(r"[\w-]{32}", re.ASCII), "the client secret"),
)
NO_ADDRESS: Final = "DISCORD_API_URL is no web address that can be called; it may hold no password"


def wrong_token(token: str) -> str | None:
    """Return what is wrong with a token by its looks, in a sentence without it; None where nothing is."""
    if _TOKEN.fullmatch(token):
        return None
    other = next((name for looks, name in _LOOKS if looks.fullmatch(token)), None)
    if other:
        return f"DISCORD_TOKEN looks like {other}, not like the bot’s token."
    return (
        "DISCORD_TOKEN holds no token: those are three parts with dots between them, without spaces, quotation marks "
        "or “Bot” in front."
    )


def wrong_settings(settings: DiscordSettings) -> str | None:
    """Return what keeps these settings from ever working, in a sentence without secrets; None where nothing does."""
    wrong = wrong_token(settings.token)
    if wrong:
        return wrong
    return None if _can_be_called(settings.api_url) else f"{NO_ADDRESS}."


def _can_be_called(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is none
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc
