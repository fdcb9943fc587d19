"""In which language to answer: Discord tells that of who asks with every interaction, and that of each guild.

It has zh-TW and zh-CN, and no zh-HK (Discord, "Locales"). Who reads Simplified Chinese is shown Traditional only where
they ask in Chinese.
"""

from bot.answering.terms import contains_han
from bot.domain.text import Locale

UNCHOSEN = "en-US"  # every guild's until it chooses another (Discord, "Guild Object": preferred_locale)
_SIMPLIFIED = "zh-CN"


def of_person(tag: str, said: str = "") -> Locale:
    """Return the language to answer somebody in; `said` is what they asked. Who reads Simplified Chinese is answered in
    English, and where they ask in Chinese, in the Chinese that is held.
    """
    return Locale.ZH_HANT if tag == _SIMPLIFIED and contains_han(said) else Locale.resolve(tag)


def of_guild(tag: str, said: str = "") -> Locale | None:
    """Return the language that a guild has chosen for what all of it read, None where it has chosen none: the question
    decides then.
    """
    return None if tag == UNCHOSEN else of_person(tag, said)
