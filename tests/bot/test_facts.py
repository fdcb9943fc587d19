"""What the library holds."""

import hashlib
from datetime import date

import pytest

from bot.domain.facts import Source, Speaker, Statement
from bot.domain.text import LocalText

DAY = date(2024, 6, 25)


def source(publisher: str = "Dimsum Daily", text: str | None = None) -> Source:
    return Source("s", "A title", publisher, None, DAY, "en", text)


@pytest.mark.parametrize(
    ("publisher", "is_reported"),
    [
        ("HKSAR Government", False),
        ("The HKSAR Government", False),
        (" hksar government ", False),
        ("香港特別行政區政府", False),
        ("Dimsum Daily", True),
        ("HKSAR Government Gazette", True),
        ("", True),
    ],
)
def test_a_speakers_own_document_is_known_by_any_of_its_names(publisher: str, *, is_reported: bool) -> None:
    speaker = Speaker("hksar", LocalText("HKSAR Government", "香港特別行政區政府"))
    assert Statement("x", speaker, source(publisher), DAY).is_reported is is_reported


def test_a_held_text_has_a_hash() -> None:
    assert source(text="全文\n").text_hash == hashlib.sha256("全文\n".encode()).hexdigest()
    assert source().text_hash is None
