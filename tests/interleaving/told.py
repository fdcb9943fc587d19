"""What channels know: what each has seen of a fact, and what nobody can say it should have seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from interleaving.ledger import Ledger, Owed, S

from bot.domain.digests import Subscription
from bot.domain.facts import Fact, Standing


@dataclass
class Told:
    """What a channel knew when it subscribed, and of which facts it did not hear because it did not follow them: those
    may be told it or not, from then on.
    """

    known: Mapping[int, Fact]
    unfollowed: set[int] = field(default_factory=set)

    def follow(self, held: Subscription, facts: Iterable[Fact]) -> None:
        """Take down what is not followed, before and after each change of a subscription."""
        self.unfollowed |= {fact.id for fact in facts if not follows(held, fact)}

    def missing(
        self, held: Subscription, facts: Mapping[int, Fact], touched: Mapping[int, int], ledger: Ledger
    ) -> None:
        """Check that the channel has seen the facts as they stand, but for those of which a digest says that it does
        not show them, and those of a digest of which nobody knows.
        """
        owed = ledger.of(held.id)
        seen = dict(self.known)
        for message in (message for each in owed for message in each.messages):
            seen |= {fact.id: fact for fact in message.facts}
        unknown = [each for each in owed if each.state is S.UNKNOWN]
        lost = [
            fact
            for fact in facts.values()
            if _is_news(held, seen.get(fact.id), fact)
            and (fact.id not in self.unfollowed)
            and not any(_may_have_told(each, fact.id, touched.get(fact.id)) for each in unknown)
        ]
        cut = [each for each in owed if any(message.left_out for message in each.messages)]
        shown = {fact.id for each in owed for message in each.messages for fact in message.facts}
        uncounted = [
            fact
            for fact in lost
            if (fact.id in shown or fact.id not in self.known)
            and not any(touched.get(fact.id) in each.revisions for each in cut)
        ]
        assert not uncounted, f"never told: {[fact.public_id for fact in uncounted]}"
        left_out = sum(message.left_out for each in cut for message in each.messages)
        assert len(lost) <= left_out, f"never told, and not counted: {[fact.public_id for fact in lost]}"


def follows(held: Subscription, fact: Fact) -> bool:
    """Whether a subscription hears of a fact."""
    topic = topic_key(fact)
    return topic not in held.excluded and (not held.topics or topic in held.topics)


def topic_key(fact: Fact) -> str | None:
    """The key of its topic."""
    return fact.topic.key if fact.topic else None


def stands(fact: Fact) -> bool:
    """Whether neither the fact nor its statement was withdrawn."""
    return fact.standing is fact.statement.standing is Standing.CURRENT


def _is_news(held: Subscription, seen: Fact | None, now: Fact) -> bool:
    if seen is None:
        return stands(now) and follows(held, now)
    if not (follows(held, seen) or follows(held, now)):
        return False
    if stands(seen) and stands(now):
        return now.announces(seen) or now.topic != seen.topic
    return stands(seen) != stands(now)


def _may_have_told(delivery: Owed, fact_id: int, touched: int | None) -> bool:
    return fact_id in delivery.noted or touched in delivery.revisions
