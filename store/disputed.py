"""What a digest tells of disputes: which claims are disputed since, and which rejections do not stand any more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from sqlalchemy import and_, or_, select

from bot.domain.digests import FactChange
from bot.domain.facts import Fact, Rejection, Standing
from store.announced import announced_facts
from store.known import Known, spoken_of
from store.reading import Reader
from store.tables import disputes

MOST_DISPUTES = 2_000  # that one digest looks at


@dataclass(frozen=True, slots=True)
class Pair:
    """A fact that rejects another one, since this revision."""

    rejecting: int
    rejected: int
    revision: int


def disputes_between(reader: Reader, after: int, upto: int) -> list[Pair]:
    """Return the disputes that came in the revisions (after, upto], and those of whose rejecting facts something was
    announced in them.
    """
    row = disputes.c
    came = and_(row.revision > after, row.revision <= upto)
    touched = and_(row.revision <= upto, row.rejecting_fact_id.in_(announced_facts(after, upto)))
    columns = (row.rejecting_fact_id, row.rejected_fact_id, row.revision)
    found = select(*columns).where(or_(came, touched)).order_by(row.id).limit(MOST_DISPUTES)
    return [Pair(*each) for each in reader.connection.execute(found)]


def dispute_changes(
    reader: Reader, found: Iterable[Pair], after: int, known: Known, told: AbstractSet[int]
) -> Iterator[FactChange]:
    """Yield a change for each fact that is disputed since, and one for each rejection that does not stand any more,
    where neither the fact nor what rejects it is `told` of otherwise. What the channel knows already is not said again.
    """
    pairs = [each for each in found if not {each.rejecting, each.rejected} & told]
    now = reader.facts_by_id({fact_id for each in pairs for fact_id in (each.rejecting, each.rejected)})
    fresh: dict[int, list[Fact]] = defaultdict(list)
    for each, stood in _stood(reader, pairs, after, known):
        claim, rejecting = now[each.rejected], now[each.rejecting]
        if claim.is_current and rejecting.is_current and not stood:
            fresh[claim.id].append(rejecting)
        elif claim.is_current and stood and not rejecting.is_current:
            yield _over(claim, rejecting)
    for fact_id in sorted(fresh):
        yield _begun(now[fact_id], fresh[fact_id])


def _stood(reader: Reader, pairs: Iterable[Pair], after: int, known: Known) -> Iterator[tuple[Pair, bool]]:
    """Yield the disputes over claims that stand as far as the channel knows, each with whether the rejection does. When
    a claim comes to stand again is told of that fact itself.
    """
    spoken = spoken_of(reader, {each.rejecting for each in pairs}, known.spoken)
    known_at: dict[int, list[Pair]] = defaultdict(list)
    for each in pairs:
        known_at[max(after, spoken.get(each.rejecting, 0), _spoken_since(each, known))].append(each)
    for revision, those in known_at.items():
        then = reader.facts_at({fact_id for each in those for fact_id in (each.rejecting, each.rejected)}, revision)
        for each in those:
            claim, rejecting = then.get(each.rejected), then.get(each.rejecting)
            if claim and claim.is_current:
                yield each, each.revision <= revision and rejecting is not None and rejecting.is_current


def _spoken_since(dispute: Pair, known: Known) -> int:
    """As of when the digests that went over the dispute, or named one of its facts, were derived."""
    over = [as_of for after, upto, as_of in known.spoken if after < dispute.revision <= upto]
    named = (known.shown_at(each) or 0 for each in (dispute.rejecting, dispute.rejected))
    return max([*over, *named])


def _begun(claim: Fact, rejecting: Iterable[Fact]) -> FactChange:
    by = tuple(rejecting)
    earlier = tuple(each for each in claim.rejected_by if each.fact_id not in {fact.id for fact in by})
    return FactChange(replace(claim, rejected_by=earlier), claim, gone=False, reason=None, by=by)


def _over(claim: Fact, rejecting: Fact) -> FactChange:
    rejection = Rejection(rejecting.id, rejecting.statement.speaker)
    before = replace(claim, rejected_by=(*claim.rejected_by, rejection))
    return FactChange(before, claim, gone=False, reason=why_gone(rejecting), by=(rejecting,))


def why_gone(fact: Fact) -> str | None:
    """Return the reason for which a fact does not stand any more."""
    return fact.statement.reason if fact.standing is Standing.CURRENT else fact.reason
