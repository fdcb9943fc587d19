"""People and channels in private replies: Discord shows their names in place of ids, and no text of ours makes one."""

from pathlib import Path

import pytest
from discord_app import guild
from discord_texts import texts_in

from adapters.discord.embeds import for_digest, pages
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Document, Entries, Entry, Table
from bot.messages.names import Name, Named, channel, person

ANN = Actor(Platform.DISCORD, "3", "80351110224678912", "ann")
WHO = person(ANN.name, ANN)
WHERE = channel("#41", Address(Platform.DISCORD, "3", "41"))


def document(*cells: str) -> Document:
    return Document(Locale.EN, (Entries((Entry("Owner", cells[0]),)), Table(tuple("ab")[: len(cells)], (cells,))))


def said(document: Document, *, private: bool) -> str:
    return "\n".join(text for page in pages(document, private=private) for text in texts_in(page.message()))


def test_discord_shows_people_and_channels_by_their_names_where_one_person_reads_it() -> None:
    shown = said(document(WHO, WHERE), private=True)
    assert shown.count("<@80351110224678912>") == 2
    assert "<#41>" in shown


def test_nobody_is_named_so_in_what_all_read() -> None:
    for shown in (said(document(WHO, WHERE), private=False), for_digest(document(WHO, WHERE)).text):
        assert "<" not in shown
        assert "80351110224678912" in shown


@pytest.mark.parametrize(
    "text",
    [
        "<@80351110224678912>",
        "discord:3/80351110224678912",
        person("discord:4/80351110224678912", ANN),
        person("slack:T1/U0ZOE001", ANN),
        Name("@everyone", Platform.DISCORD, Named.PERSON, "&1"),
        Name("#x", Platform.DISCORD, Named.CHANNEL, "1> <@&2"),
        Name("#C1", Platform.SLACK, Named.CHANNEL, "1"),
    ],
)
def test_text_is_never_taken_for_a_name(text: str) -> None:
    assert "<@8" not in (shown := said(document(text), private=True))
    assert "<#" not in shown
    assert "<@&" not in shown
    assert "@everyone" not in shown


async def test_whoever_asks_is_told_who_holds_roles_by_name(tmp_path: Path) -> None:
    async with guild(tmp_path) as room:
        seen = await room.discord.slash(room.ann, room.news, "tipfacts-desk roles", force=True)
        assert f"<@{room.ed.id}>" in seen.words
        assert seen.ephemerals
        direct = await room.discord.mention(room.ann, room.news, "roles")
        assert direct.message.channel == room.discord.dm_of(room.ann).id
        assert f"<@{room.ed.id}>" in direct.words
