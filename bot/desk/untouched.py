"""What a correction leaves as it was: a sentence beside one that was written anew, or beside a new value.

The form comes filled in. Who corrects the English may never look at the Chinese, which then still says what was so.
"""

from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.desk.draft import FactDraft
from bot.desk.plain import tidy
from bot.desk.typed import holds_number
from bot.domain.facts import Assertion
from bot.domain.text import Locale, LocalText


def untouched(before: Assertion, now: Assertion) -> frozenset[Locale]:
    """Return the languages whose sentence stands as it was, and may hold no longer: where the other one was written
    anew, or where the value is new and the sentence does not state it. A translation that is added says nothing new.
    """
    held = [locale for locale in Locale if now.text.held(locale)]
    left = [locale for locale in held if now.text.held(locale) == tidy(before.text.held(locale) or "")]
    if any(before.text.held(locale) for locale in held if locale not in left):
        return frozenset(left)
    if now.value is None or (now.value, now.qualifier) == (before.value, before.qualifier):
        return frozenset()
    return frozenset(locale for locale in left if not _states(now.text.held(locale) or "", before, now))


def without(draft: FactDraft, left: AbstractSet[Locale]) -> FactDraft:
    """Return a draft without its sentences in these languages; as it is where no sentence would remain."""
    text = draft.assertion.text
    english, chinese = (None if locale in left else text.held(locale) for locale in (Locale.EN, Locale.ZH_HANT))
    if not (english or chinese):
        return draft
    return replace(draft, assertion=replace(draft.assertion, text=LocalText(english, chinese)))


def _states(sentence: str, before: Assertion, now: Assertion) -> bool:
    """Whether a sentence states a new value. Whether it says “about” or “over” is not read from it."""
    if isinstance(now.value, int | float):
        return now.qualifier is before.qualifier and holds_number(sentence, now.value)
    texts = (now.value.en, now.value.zh_hant) if now.value else ()
    return any(text.casefold() in sentence.casefold() for text in texts if text)
