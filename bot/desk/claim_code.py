"""One-time codes that make the first admin."""

import hashlib
import secrets
from datetime import timedelta

CLAIM_CODE_LIFE = timedelta(hours=1)


def new_claim_code() -> str:
    """Return a new code of 64 random bits, in groups that are easy to type."""
    return "-".join(secrets.token_hex(2).upper() for _ in range(4))


def hash_claim_code(code: str) -> str:
    """Return the form in which a code is kept; case, spaces and hyphens do not count."""
    plain = "".join(c for c in code if c.isalnum()).upper()
    return hashlib.sha256(plain.encode()).hexdigest()
