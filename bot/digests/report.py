"""What came of a tick."""

from dataclasses import dataclass, field

from bot.domain.digests import DeliveryState


@dataclass(slots=True)
class TickReport:
    """What a tick did: how many subscriptions were due, and how many deliveries ended in each state; `told` counts the
    owners who were told of a subscription that is paused, or of a digest that failed or may be lost.
    """

    due: int = 0
    ended: dict[DeliveryState, int] = field(default_factory=dict)
    told: int = 0

    def count(self, state: DeliveryState) -> int:
        """Return how many deliveries ended in a state."""
        return self.ended.get(state, 0)
