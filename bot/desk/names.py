"""Finding what the library already holds by the names people write in files and forms."""

from bot.answering.vocabulary import Vocabulary, name_key
from bot.domain.facts import Speaker
from bot.domain.text import Locale
from bot.ports import Library


class HeldNames:
    """Resolves names against one snapshot of the library."""

    def __init__(self, library: Library | None) -> None:
        self._library = library
        speakers = library.speakers() if library else ()
        self._spoken = {speaker.key: speaker for speaker in speakers}
        self._speakers = {name: speaker.key for speaker in speakers for name in speaker_names(speaker)}
        self._topics = Vocabulary(library.topics() if library else ())

    def key_of(self, kind: str, name: str) -> str | None:
        """Return the key of the source, speaker, topic, statement or fact so named; None where none is held."""
        if kind == "speaker":
            return self._speakers.get(name_key(name))
        if kind == "topic":
            topic = self._topics.topics.get(name) or self._topics.topic_named(name)
            return topic.key if topic else None
        return name if self._library and self._library.holds(kind, name) else None

    def speaker_name(self, name: str) -> str | None:
        """Return the English name of the speaker held by this key or name, None where none is held."""
        key = self._speakers.get(name_key(name))
        return self._spoken[key].name.show(Locale.EN) if key else None


def speaker_names(speaker: Speaker) -> list[str]:
    """Return the forms in which a speaker's key and names are compared."""
    return [name_key(name) for name in (speaker.key, speaker.name.en, speaker.name.zh_hant) if name]
