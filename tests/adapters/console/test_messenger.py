from datetime import UTC, datetime

import pytest

from adapters.console.messenger import ConsoleMessenger
from adapters.console.output import PlainOutput, Tone
from bot.domain.digests import Posted, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.messages.document import Document

HERE = Address(Platform.CONSOLE, "local", "console")


async def test_a_digest_is_printed_under_its_address(document: Document, capsys: pytest.CaptureFixture[str]) -> None:
    attempt = await ConsoleMessenger(PlainOutput()).post(HERE, document, nonce="n1", fence=lambda: True)
    assert attempt == Posted("n1")
    assert capsys.readouterr().out.startswith("Posted to console:local/console:\nInitial screenings\n")


async def test_nothing_is_printed_once_the_claim_is_lost(
    document: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    attempt = await ConsoleMessenger(PlainOutput()).post(HERE, document, nonce="n1", fence=lambda: False)
    assert isinstance(attempt, TryLater)
    assert capsys.readouterr().out == ""


async def test_nothing_is_printed_for_another_platform(document: Document, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = Address(Platform.SLACK, "T1", "C1")
    attempt = await ConsoleMessenger(PlainOutput()).post(elsewhere, document, nonce="n1", fence=lambda: True)
    assert isinstance(attempt, TryLater)
    assert capsys.readouterr().out == ""


async def test_a_print_that_broke_off_leaves_it_unsure(document: Document) -> None:
    class Full(PlainOutput):
        def tell(self, line: str = "", tone: Tone = Tone.PLAIN) -> None:
            super().tell(line, tone)
            raise OSError(28, "No space left on device")

    attempt = await ConsoleMessenger(Full()).post(HERE, document, nonce="n1", fence=lambda: True)
    assert attempt == Unsure("standard output: No space left on device")


async def test_what_was_printed_cannot_be_found() -> None:
    with pytest.raises(LookupError):
        await ConsoleMessenger(PlainOutput()).find(HERE, "n1", datetime.now(UTC))
