"""Whether a request comes from Slack: its signature over the time and the raw body.

The rule is Slack's: docs.slack.dev/authentication/verifying-requests-from-slack.
"""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

OLDEST = timedelta(minutes=5)
AHEAD = timedelta(minutes=1)  # how far a clock of ours may be behind Slack's
_LONGEST = len("1700000000") + 1  # digits of a timestamp, until the year 5138
_VERSION = "v0"
_SIGNATURE = re.compile(rf"{_VERSION}=[0-9a-f]{{{2 * hashlib.sha256().digest_size}}}")


def may_be_signed(timestamp: str | None, signature: str | None, now: datetime) -> bool:
    """Whether these headers can be those of a signed request, whatever its body is. Nothing is raised."""
    return bool(timestamp and signature and _is_near(timestamp, now) and _SIGNATURE.fullmatch(signature))


def is_signed(secret: str, timestamp: str | None, signature: str | None, body: bytes, now: datetime) -> bool:
    """Whether the body was signed with the secret at a time near `now`.

    `timestamp` and `signature` are the headers X-Slack-Request-Timestamp and X-Slack-Signature as they came, None where
    they are missing; whatever they hold, nothing is raised. Raises ValueError for an empty secret: it signs nothing.
    """
    if not secret:
        raise ValueError("a signing secret is needed to verify a signature")
    if not timestamp or not signature or not may_be_signed(timestamp, signature, now):
        return False
    signed = b"%s:%s:%s" % (_VERSION.encode(), timestamp.encode(), body)
    wanted = f"{_VERSION}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    return hmac.compare_digest(wanted.encode(), signature.encode())


def _is_near(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST):
        return False
    age = now.timestamp() - int(timestamp)
    return -AHEAD.total_seconds() <= age <= OLDEST.total_seconds()
