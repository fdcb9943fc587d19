"""A Document as plain text that carries the whole of it: for pipes, screen readers, notifications and the record."""

from typing import assert_never

from bot.messages.document import (
    Block,
    Choices,
    Document,
    Entries,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
    Table,
)


def plain_text(document: Document) -> str:
    """Return the document's text; nothing relies on layout, colour or emoji.

    Blocks are parted by an empty line, but for a heading and what it is over, and the lines of a list.
    """
    text = ""
    before: Block | None = None
    for block in document.blocks:
        follows = isinstance(before, Heading) or (isinstance(before, FactLine) and isinstance(block, FactLine))
        text += ("" if before is None else "\n" if follows else "\n\n") + block_text(block)
        before = block
    return text


def block_text(block: Block) -> str:
    """Return one block as lines of text."""
    match block:
        case Heading(text) | Paragraph(text) | Footnote(text):
            return text
        case Quotation(text, attribution):
            return f"“{text}”\n— {attribution}"
        case FactCard():
            return "\n".join(_card_lines(block))
        case FactLine(_, text, source, url):
            return f"- {text} [{source}]" + (f" <{url}>" if url else "")
        case Entries(entries):
            return "\n".join(f"{entry.term}: {entry.text}" for entry in entries)
        case Table(header, rows):
            return "\n".join(" | ".join(row) for row in (header, *rows))
        case Choices(options):
            return "\n".join(f"- {option.label}: {option.query}" for option in options)
        case _:
            assert_never(block)


def _card_lines(card: FactCard) -> list[str]:
    lines = [card.headline, card.sentence] if card.headline else [card.sentence]
    if card.quotation:
        lines.append(block_text(card.quotation))
    lines += [f"{detail.label}: {detail.text}" + (f" <{detail.url}>" if detail.url else "") for detail in card.details]
    return lines
