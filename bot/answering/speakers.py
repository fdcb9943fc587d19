"""Who speaks in a library, and what questions and sources call them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bot.answering.phrases import Phrases
from bot.answering.places import HOME, Gazetteer
from bot.answering.terms import contains_han, terms, words
from bot.domain.facts import Speaker, Statement


class Speakers:
    """The speakers, as a gazetteer places them."""

    def __init__(self, speakers: Iterable[Speaker], gazetteer: Gazetteer) -> None:
        self._speakers = tuple(speakers)
        self._gazetteer = gazetteer
        self._attributions: dict[tuple[str, str], re.Pattern[str]] = {}

    def __iter__(self) -> Iterator[Speaker]:
        return iter(self._speakers)

    @cached_property
    def parties(self) -> Mapping[str, str]:
        """What questions call each speaker, with the speaker's key; names as phrases are looked for."""
        return {" ".join(words(name)): speaker.key for speaker in self for name in all_names(speaker)}

    @cached_property
    def party_names(self) -> Phrases:
        """The phrases that name a speaker."""
        return Phrases(self.parties)

    def names_of(self, party: str) -> Sequence[frozenset[str]]:
        """Return the terms of each name of a speaker, by its key."""
        return self._names_of.get(party, ())

    @cached_property
    def _names_of(self) -> Mapping[str, Sequence[frozenset[str]]]:
        return {speaker.key: [frozenset(terms(name)) for name in all_names(speaker)] for speaker in self}

    def places_of(self, speaker: Speaker) -> frozenset[str]:
        """Return the codes of the places that a speaker's names name."""
        return frozenset().union(*(self._gazetteer.named(name) for name in _names(speaker)))

    @cached_property
    def home_places(self) -> frozenset[str]:
        """The places whose bodies speak in this library, by code; to name them in a question tells nothing apart."""
        return frozenset({HOME}.union(*(self.places_of(speaker) for speaker in self)))

    def is_at_home(self, speaker: Speaker) -> bool:
        """Whether a speaker is of the place that the library is about."""
        return HOME in self.places_of(speaker)

    @cached_property
    def parties_at_home(self) -> frozenset[str]:
        """The keys of the speakers of the place that the library is about."""
        return frozenset(speaker.key for speaker in self if self.is_at_home(speaker))

    def without_attribution(self, text: str, statement: Statement) -> str:
        """Return a text without the names of its speaker and publisher."""
        key = statement.speaker.key, statement.source.publisher
        if key not in self._attributions:
            longest_first = sorted({*all_names(statement.speaker), statement.source.publisher}, key=len, reverse=True)
            parts = (re.escape(n) if contains_han(n) else rf"\b{re.escape(n)}(?!\w)" for n in longest_first)
            self._attributions[key] = re.compile("|".join(parts), re.IGNORECASE)
        return self._attributions[key].sub(" ", text)


def all_names(speaker: Speaker) -> Sequence[str]:
    """Return what a speaker is called: its names in both languages, and its aliases."""
    return [*_names(speaker), *speaker.aliases]


def _names(speaker: Speaker) -> Sequence[str]:
    return [name for name in (speaker.name.en, speaker.name.zh_hant) if name]
