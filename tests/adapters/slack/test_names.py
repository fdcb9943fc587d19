"""People and channels in a reply: Slack is given its own sequences for them, and never for what somebody typed."""

import json
from dataclasses import replace

import pytest

from adapters.slack.blocks import for_digest, render
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Block, Document, Entries, Entry, Paragraph, Table
from bot.messages.names import Name, Named, channel, person
from bot.messages.plain import plain_text

ANN = Actor(Platform.SLACK, "T1", "U0ANN001", "Ann")
CHANNEL = Address(Platform.SLACK, "T1", "C0NEWS01")
NEWS = channel("#C0NEWS01", CHANNEL)
WHO = person(ANN.name, ANN)


def shown(*blocks: Block) -> str:
    page = render(Document(Locale.EN, blocks), query="")
    return json.dumps(page.blocks, ensure_ascii=False) + page.text


def test_slack_is_given_what_it_shows_by_name() -> None:
    for said in (
        shown(Table(("Channel", "Owner"), ((NEWS, WHO),))),
        shown(Entries((Entry("Channel", NEWS), Entry("Owner", WHO)))),
    ):
        assert said.count("<#C0NEWS01>") == said.count("<@U0ANN001>") == 2  # blocks and text
        assert "slack:T1" not in said


@pytest.mark.parametrize(
    "text",
    [
        "#C0NEWS01",
        "<#C0NEWS01>",
        "<@U0ANN001>",
        "<!channel>",
        person("slack:T2/U0ZOE001", ANN),
        person("discord:T1/80351110224678912", ANN),
        person("console", ANN),
        channel("direct messages", replace(CHANNEL, channel="D1", user="U0ANN001")),
        Name("<!here>", Platform.SLACK, Named.CHANNEL, "C1|<!here>"),
        Name("#1", Platform.DISCORD, Named.CHANNEL, "1"),
    ],
)
def test_what_is_typed_or_of_elsewhere_names_nobody(text: str) -> None:
    said = shown(Table(("Channel",), ((text,),)), Entries((Entry(text, text),)), Paragraph(NEWS), Paragraph(WHO))
    assert "<" not in said
    assert "slack:T1/U0ANN001" in said


def test_elsewhere_and_in_plain_text_a_name_is_its_text() -> None:
    document = Document(Locale.EN, (Table(("Channel", "Owner"), ((NEWS, WHO),)),))
    assert plain_text(document) == "Channel | Owner\n#C0NEWS01 | slack:T1/U0ANN001"
    assert "<@" not in json.dumps(for_digest(document).blocks)
    console = Actor(Platform.CONSOLE, "local", "console", "console")
    assert not isinstance(person(ANN.name, console), Name)
