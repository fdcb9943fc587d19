"""A fact in an embed, with its citation, which no page break parts: one that is too long goes on with that repeated."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from adapters.discord.components import NOTHING, Json
from adapters.discord.escape import bold, escape, labelled, link, prose, quoted, small
from adapters.discord.limits import DESCRIPTION, FIELD_NAME, FIELD_VALUE, FIELDS, TEXT, TITLE, size
from adapters.discord.part import Part, embed_size
from bot.messages.cutting import clip, pieces
from bot.messages.document import Detail, FactCard, Quotation
from bot.messages.visible import one_line

CARD = 4_800  # characters; leaves a page room for what is beside it
_APART = " · "
_SHORT = 64  # fields that say no more than this may stand side by side
# Of a card that is too long.
_SENTENCE = 1_200
_QUOTED = 1_000
_BY = 300
_CITATION = 1_600
_MOST_DETAILS = 20
# Of the text that tells a card.
_TOLD_SENTENCE = 700
_TOLD_CITATION = 700


def escaped(text: str) -> int:
    """Return how long a text is once it is escaped."""
    return size(escape(text))


def worded(text: str) -> int:
    """Return how long a text is once it is escaped and its addresses are links."""
    return size(prose(text))


def quotation_size(text: str) -> int:
    """Return how long a text is as a quotation."""
    return size(quoted(escape(f"“{text}”")))


def card_parts(card: FactCard) -> Iterator[Part]:
    """Yield a card as one part, or as several that each carry its headline and citation."""
    whole = _embed(card)
    if whole:
        yield from map(_part, (card,) if _is_taken(card, whole) else _shorter(card))


def shortened(card: FactCard) -> FactCard:
    """Return the card in the size of one part: its sentence and quotation are cut, its citation is not."""
    cut, sentence = _bare(card)
    cut = replace(cut, sentence=clip(sentence, _SENTENCE, worded))
    if card.quotation is None:
        return cut
    by = clip(one_line(card.quotation.attribution), _BY, escaped)
    return replace(cut, quotation=Quotation(clip(card.quotation.text, _QUOTED, quotation_size), by))


def quotation_parts(quotation: Quotation) -> Iterator[Part]:
    """Yield a quotation with who said it; a long one goes on with that repeated."""
    by = clip(one_line(quotation.attribution), _BY, escaped)
    for piece in pieces(quotation.text, TEXT - _BY - len("\n> — "), quotation_size):
        said = Quotation(piece, by)
        yield Part(_quotation(said), block=said)


def cited(url: str | None, most: int) -> str | None:
    """Return the address where it takes no more than `most` characters, else None."""
    return url if url and size(link(url)) <= most else None


def _part(card: FactCard) -> Part:
    """Return a card as told in an embed, and as told above one: with who said it, when and where."""
    said, rest = prose(card.sentence).strip(), replace(card, headline="", sentence="")
    if not said and card.quotation:
        said, rest = _quotation(card.quotation), replace(rest, quotation=None)
    citation = [detail for detail in card.details if detail.cites]
    rest = replace(rest, details=tuple(detail for detail in card.details if not detail.cites))
    opening = [bold(escape(one_line(card.headline))), said, _listed(citation)]
    return Part(_told(card), _embed(card), "\n".join(filter(None, opening)), _embed(rest) or None, block=card)


def _embed(card: FactCard) -> Json:
    lines = [prose(card.sentence).strip()]
    if card.quotation and one_line(card.quotation.text):
        lines.append(_quotation(card.quotation))
    fields = list(map(_field, card.details))
    parts = {"title": escape(one_line(card.headline)), "description": "\n".join(filter(None, lines)), "fields": fields}
    return {name: part for name, part in parts.items() if part}


def _field(detail: Detail) -> Json:
    name, value = escape(one_line(detail.label)), _value(detail)
    return {"name": name or NOTHING, "value": value or NOTHING, "inline": not detail.url and size(value) <= _SHORT}


def _value(detail: Detail) -> str:
    return link(detail.url, detail.text) if detail.url else prose(one_line(detail.text))


def _quotation(quotation: Quotation) -> str:
    said, by = escape(f"“{quotation.text.strip()}”"), escape(one_line(quotation.attribution))
    return quoted(f"{said}\n— {by}" if by else said)


def _is_taken(card: FactCard, embed: Json) -> bool:
    fields = embed.get("fields", ())
    return (
        size(embed.get("title", "")) <= TITLE
        and size(embed.get("description", "")) <= DESCRIPTION
        and len(fields) <= FIELDS
        and all(map(_is_field, fields))
        and embed_size(embed) <= CARD
        and size(_told(card)) <= TEXT
    )


def _is_field(field: Json) -> bool:
    return size(field["name"]) <= FIELD_NAME and size(field["value"]) <= FIELD_VALUE


def _told(card: FactCard) -> str:
    """Return what a card says as text: its value, its sentence, and in small letters who, when and where."""
    cut, sentence = _bare(card, _TOLD_CITATION)
    lines = [bold(escape(cut.headline)), prose(clip(sentence, _TOLD_SENTENCE, worded))]
    if card.quotation and not sentence.strip():
        text, by = (clip(one_line(said), _BY, escaped) for said in (card.quotation.text, card.quotation.attribution))
        lines.append(_quotation(Quotation(text, by)))
    return "\n".join(filter(None, (*lines, _listed(cut.details))))


def _listed(details: Iterable[Detail]) -> str:
    return small(_APART.join(labelled(escape(one_line(detail.label)), _value(detail)) for detail in details))


def _shorter(card: FactCard) -> Iterable[FactCard]:
    """Return the card as several: first its sentence, then its quotation, piece by piece."""
    cut, sentence = _bare(card)
    parts = [replace(cut, sentence=piece) for piece in pieces(sentence, _SENTENCE, worded)]
    if card.quotation:
        by = clip(one_line(card.quotation.attribution), _BY, escaped)
        quotations = [Quotation(piece, by) for piece in pieces(card.quotation.text, _QUOTED, quotation_size)]
        if parts and len(quotations) == 1:
            parts[-1] = replace(parts[-1], quotation=quotations[0])
        else:
            parts += [replace(cut, quotation=quotation) for quotation in quotations]
    return parts or [cut]


def _bare(card: FactCard, room: int = _CITATION) -> tuple[FactCard, str]:
    """Return the card with nothing but headline and citation, and what it says; a long headline is part of that."""
    headline, sentence = one_line(card.headline), card.sentence
    if escaped(headline) > TITLE:
        headline, sentence = "", f"{headline}\n{sentence}"
    details = tuple(_bounded(card.details, room))
    return replace(card, headline=headline, sentence="", quotation=None, details=details), sentence


def _bounded(details: tuple[Detail, ...], room: int) -> Iterator[Detail]:
    """Yield the details in so much room: the short ones as they are, so that the long ones share what is left."""
    sizes = [size(labelled(escape(one_line(each.label)), _value(each))) + len(_APART) for each in details]
    del sizes[_MOST_DETAILS:]
    share = room // max(1, len(sizes))
    short = [used for used in sizes if used <= share]
    long = (room - sum(short)) // max(1, len(sizes) - len(short))
    for detail, used in zip(details, sizes, strict=False):
        yield detail if used <= share and _is_field(_field(detail)) else _cut(detail, min(long, FIELD_VALUE))


def _cut(detail: Detail, room: int) -> Detail:
    room -= len("****: [](<>)") + len(_APART)
    measure: Callable[[str], int] = escaped if detail.url else worded
    url = cited(detail.url, room // 2)
    label, text = clip(one_line(detail.label), room // 8, escaped), clip(one_line(detail.text), room // 3, measure)
    return replace(detail, label=label, text=text, url=url)
