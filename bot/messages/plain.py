"""A Document as plain text that carries the whole of it: for pipes, screen readers, notifications and the record."""

from typing import assert_never

from bot.messages.document import (
    Block,
    Choice,
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

    Blocks are parted by an empty line, but for a heading and what it is over, and the lines of a list. Choices are
    numbered through the whole document.
    """
    text = ""
    choices = 0
    before: Block | None = None
    for block in document.blocks:
        follows = isinstance(before, Heading) or (isinstance(before, FactLine) and isinstance(block, FactLine))
        text += ("" if before is None else "\n" if follows else "\n\n") + block_text(block, choices)
        choices += len(block.options) if isinstance(block, Choices) else 0
        before = block
    return text


def block_text(block: Block, choices_before: int = 0) -> str:
    """Return one block as lines of text; its choices are numbered on from those before it."""
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
            return "\n".join(
                f"{number}. {_option(option)}" for number, option in enumerate(options, choices_before + 1)
            )
        case _:
            assert_never(block)


def _option(option: Choice) -> str:
    return option.query if option.label == option.query else f"{option.label}: {option.query}"


def _card_lines(card: FactCard) -> list[str]:
    lines = [card.headline, card.sentence] if card.headline else [card.sentence]
    if card.quotation:
        lines.append(block_text(card.quotation))
    lines += [f"{detail.label}: {detail.text}" + (f" <{detail.url}>" if detail.url else "") for detail in card.details]
    return lines
