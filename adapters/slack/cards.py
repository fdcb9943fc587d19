"""A fact and its citation, which no page break parts: one that is too long goes on with its citation repeated."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from adapters.slack.cutting import clip, pieces
from adapters.slack.escape import bold, escape, has_markup, labelled, link, one_line, prose, visible
from adapters.slack.kit import Json, linked, literal, mrkdwn, section, sections
from adapters.slack.limits import SECTION_TEXT, size
from adapters.slack.part import Part
from bot.messages.document import Detail, FactCard, Quotation

CARD = 4_800  # characters; leaves a page room for a heading over it
_QUOTATION = 2_400  # one that stands alone
# Of a card that is too long; together they are one part.
_SENTENCE = 1_200
_QUOTED = 1_000
_HEADLINE = 300
_CITATION = 1_600
_MOST_DETAILS = 20


def card_parts(card: FactCard) -> Iterator[Part]:
    """Yield a card as one part, or as several that each carry its headline and citation."""
    whole = _card(card)
    if not whole.blocks:
        return
    if whole.cost <= CARD and all(size(block["text"]["text"]) <= SECTION_TEXT for block in whole.blocks):
        yield whole
        return
    yield from map(_card, _shorter(card))


def shortened(card: FactCard) -> FactCard:
    """Return the card in the size of one part: its sentence and quotation are cut, its citation is not."""
    cut, sentence = _bare(card)
    sentence = clip(sentence, _SENTENCE)
    if card.quotation is None:
        return replace(cut, sentence=sentence)
    text, by = (one_line(said) for said in (card.quotation.text, card.quotation.attribution))
    return replace(cut, sentence=sentence, quotation=Quotation(clip(text, _QUOTED), clip(by, _HEADLINE)))


def quoted(quotation: Quotation) -> Iterator[Part]:
    """Yield a quotation with who said it; a long one goes on with that repeated."""
    by = clip(one_line(quotation.attribution), _HEADLINE)
    for piece in pieces(quotation.text, _QUOTATION):
        part = replace(quotation, text=piece, attribution=by)
        text = _quotation(part)
        yield Part((section(literal(text)),), text)


def cited(url: str | None, most: int) -> str | None:
    """Return the address where it takes no more than `most` characters, else None."""
    return url if url and size(link(url)) <= most else None


def cited_lines(label: str, text: str, url: str | None) -> Iterator[Json]:
    """Yield one line, or two, that say what is cited behind its label, with a link where there is an address.

    What is linked has to be mrkdwn: where that would not show it as it is written, the link is a line of its own. Where
    nothing is cited the line is empty.
    """
    if not has_markup(f"{label}:") and not has_markup(text):
        yield mrkdwn(labelled(escape(label), link(url, text) if url else prose(text)))
        return
    yield literal(escape(f"{label}: {text}" if label else text))
    if url:
        yield linked(url)


def _card(card: FactCard) -> Part:
    headline, said = escape(one_line(card.headline)), escape(card.sentence).strip()
    texts = [line for line in (headline, said) if line]
    blocks = [section(literal(text)) for text in texts]
    if headline and not has_markup(card.headline):
        blocks[0] = section(bold(headline))
    if card.quotation and visible(card.quotation.text).strip():
        texts.append(_quotation(card.quotation))
        blocks.append(section(literal(texts[-1])))
    texts += map(_detail_text, card.details)
    blocks += sections(line for detail in card.details for line in _detail(detail))
    return Part(tuple(blocks), "\n".join(texts))


def _quotation(quotation: Quotation) -> str:
    return f"“{escape(quotation.text)}”\n— {escape(one_line(quotation.attribution))}"


def _detail(detail: Detail) -> Iterator[Json]:
    return cited_lines(one_line(detail.label), one_line(detail.text), detail.url)


def _detail_text(detail: Detail) -> str:
    address = f" {link(detail.url)}" if detail.url else ""
    return f"{escape(one_line(detail.label))}: {prose(one_line(detail.text))}{address}"


def _shorter(card: FactCard) -> Iterable[FactCard]:
    """Return the card as several: first its sentence, then its quotation, piece by piece."""
    cut, sentence = _bare(card)
    parts = [replace(cut, sentence=piece) for piece in pieces(sentence, _SENTENCE)]
    if card.quotation:
        by = clip(one_line(card.quotation.attribution), _HEADLINE)
        quotations = [Quotation(piece, by) for piece in pieces(card.quotation.text, _QUOTED)]
        if parts and len(quotations) == 1:
            parts[-1] = replace(parts[-1], quotation=quotations[0])
        else:
            parts += [replace(cut, quotation=quotation) for quotation in quotations]
    return parts or [cut]


def _bare(card: FactCard) -> tuple[FactCard, str]:
    """Return the card with nothing but headline and citation, and what it says; a long headline is part of that."""
    headline, sentence = one_line(card.headline), card.sentence
    if size(escape(headline)) > _HEADLINE:
        headline, sentence = "", f"{headline}\n{sentence}"
    details = tuple(_bounded(card.details))
    return replace(card, headline=headline, sentence="", quotation=None, details=details), sentence


def _bounded(details: tuple[Detail, ...]) -> Iterator[Detail]:
    """Yield the details in a citation's room: the short ones as they are, so that the long ones share what is left."""
    sizes = [max(_shown(detail), size(_detail_text(detail))) for detail in details[:_MOST_DETAILS]]
    share = _CITATION // max(1, len(sizes))
    short = [used for used in sizes if used <= share]
    room = (_CITATION - sum(short)) // max(1, len(sizes) - len(short))
    for detail, used in zip(details, sizes, strict=False):
        if used <= share:
            yield detail
            continue
        label, url = clip(one_line(detail.label), room // 8), cited(detail.url, room // 2)
        yield Detail(label, clip(one_line(detail.text), room // 3), url)


def _shown(detail: Detail) -> int:
    return sum(size(line["text"]) + 1 for line in _detail(detail))
