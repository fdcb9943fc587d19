"""Prints documents laid out for a terminal. NO_COLOR and the terminal's own abilities are rich's to respect."""

from rich.console import Console, RenderableType
from rich.constrain import Constrain

from adapters.console.output import Tone
from adapters.console.render import Barred, render
from adapters.console.visible import visible
from adapters.console.wrapping import Prose
from bot.messages.document import Document
from bot.messages.exchange import Kind

MAX_WIDTH = 100  # longer lines are hard to read
_BARS = {Kind.ERROR: "red", Kind.DONE: "green", Kind.ABSTENTION: "yellow"}


class RichOutput:
    """Prints to a terminal, in colour where it has any."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)

    def show(self, document: Document, kind: Kind | None = None) -> None:
        """Print the document; errors, refusals and changes made carry a bar in their colour."""
        body: RenderableType = render(document)
        bar = _BARS.get(kind) if kind else None
        self._print(Barred(body, bar) if bar else body)

    def tell(self, line: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Print the line in its tone."""
        self._print(Prose(visible(line), style=tone.value))

    def _print(self, body: RenderableType) -> None:
        self._console.print(Constrain(body, MAX_WIDTH))
