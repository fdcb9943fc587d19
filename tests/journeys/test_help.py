"""Help, and advice to type something: it can be typed where it is read, and a press in it changes nothing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from asking import COUNT
from library import CONSOLE, MONDAY, Desk, add_statement_of_2022
from seeded import seeded

from bot.answering.composing import MORE_FACTS, fact_answer
from bot.commands.command import Command
from bot.commands.table import COMMANDS
from bot.core import Bot
from bot.digests.wording import MAX_FACTS
from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import SubscriptionState
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choices
from bot.messages.exchange import Audience, Kind, Message, Request
from bot.messages.plain import plain_text
from bot.messages.spelling import Spelling
from bot.settings import Settings
from bot.wording.wording import wording

ROOT = Actor(Platform.SLACK, "T1", "U0ROOT01", "Root")
KIM = Actor(Platform.DISCORD, "G1", "80351110224678913", "Kim")
CHANNEL = Address(Platform.SLACK, "T1", "C1")
THREAD = replace(CHANNEL, thread="9.9")
UNKNOWN = "how many ferries sank in 2023?"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An admin in Slack, of an installation that nobody changes."""
    with seeded(f"sqlite:///{tmp_path_factory.mktemp('help') / 'tipfacts.db'}", ROOT) as opened:
        yield replace(opened, bot=Bot(opened.store, Settings(admins=frozenset({ROOT.name}))), address=CHANNEL)


def offered(message: Message) -> list[str]:
    blocks = message.document.blocks
    return [option.query for block in blocks if isinstance(block, Choices) for option in block.options]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_nothing_that_help_offers_to_press_changes_or_posts_anything(root: Desk, command: Command) -> None:
    shown = [root.say(f"help {command.name}")]
    alone = root.say(command.name) if not command.takes("") else shown[0]
    shown += [alone] if alone.kind is Kind.ERROR else []  # a word like “claim” may be a topic's
    for message in shown:
        text = plain_text(message.document)
        assert command.examples[0] in text
        assert command.is_open or f"“/tipfacts {command.examples[0]}”" in text
        for line in offered(message):
            reply = root.say(line)
            assert reply.kind is not Kind.DONE
            assert reply.audience is Audience.ASKER
    with root.store.read() as library:
        assert [entry.actor for entry in library.log(1)] != [ROOT.name]


def test_examples_that_only_ask_are_there_to_be_pressed(root: Desk) -> None:
    assert "history screenings" in offered(root.say("help history"))
    assert "history screenings" in offered(root.say("history"))


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("help", "Type “/tipfacts” and a topic"),
        ("help", "/tipfacts grant @USER editor|admin: "),
        ("help", "“/tipfacts help COMMAND” says more"),
        ("help grant", "/tipfacts grant @USER editor|admin\n"),
        ("hello", "“/tipfacts help” lists the commands."),
        ("", "“/tipfacts help” lists the commands."),
        ("topics", "Type a topic, like “/tipfacts "),
        ("check F1", "see “/tipfacts history F1”"),
        ("grant", "Write it like this: /tipfacts grant @USER"),
        ("help grant", "“/tipfacts grant @USER editor”"),
        ("help revoke", "“/tipfacts revoke @USER”"),
        ("topic add", "Write it like this: /tipfacts topic add LABEL"),
        ("topic alias add screenings", "Write it like this: /tipfacts topic alias add TOPIC"),
        ("topic screenings", "/tipfacts topic words add "),
        ("words add", "Write it like this: /tipfacts words add KIND"),
        ("words light", "/tipfacts words add light"),
        ("unanswered forget", "Write it like this: /tipfacts unanswered forget QUESTION"),
    ],
)
def test_advice_is_worded_as_it_is_typed_in_slack_and_bare_on_the_console(root: Desk, line: str, advice: str) -> None:
    console = replace(root, bot=Bot(root.store, Settings(admins=frozenset({"console"}))), actor=CONSOLE)
    for desk in (root, console, root):  # whoever asks in between, each is told how to type it where they are
        assert (advice in desk.text(line)) is (desk is root)
        assert ("/tipfacts" in desk.text(line)) is (desk is root)


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("help", "\n/tipfacts history TOPIC|F12: "),
        ("help", "\n/tipfacts-digest subscribe [TOPICS] "),
        ("help", "\n/tipfacts-digest list: "),
        ("help", "\n/tipfacts-digest preview|why|test|resend|arrived [#CHANNEL] [D12]: "),
        ("help", "\n/tipfacts-desk add: "),
        ("help", "\n/tipfacts status: "),
        ("help", "“/tipfacts help COMMAND” says more"),
        ("help correct", "/tipfacts-desk correct F12\n"),
        ("help digest", "“/tipfacts-digest preview”, “/tipfacts-digest why”, “/tipfacts-digest test”"),
        ("correct screenings", "Write it like this: /tipfacts-desk correct F12"),
        ("topic add", "Write it like this: /tipfacts topic add LABEL"),
        ("subscribe #C0NEWS01 screenings daily", "“/tipfacts-digest subscribe screenings daily”"),
        ("unanswered forget", "Write it like this: /tipfacts-desk unanswered forget QUESTION"),
        ("hello", "“/tipfacts help” lists the commands."),
    ],
)
def test_in_discord_advice_names_the_commands_that_discord_offers(root: Desk, line: str, advice: str) -> None:
    assert advice in in_discord(root).text(line)


def test_in_discord_who_lacks_a_role_or_has_got_one_is_told_the_commands_that_discord_offers(root: Desk) -> None:
    reader = in_discord(root, replace(KIM, user="80351110224678914"))
    grant, claim = "“/tipfacts-desk grant”", "“/tipfacts-desk claim CODE”"
    assert f"An admin can name you with {grant}; the first admin uses {claim}." in reader.text("add")
    assert next(choice.label for choice in reader.say("subscrive").document.choices) == "/tipfacts-digest subscribe"


def test_a_form_that_knows_no_such_topic_names_the_command_that_lists_them(root: Desk) -> None:
    for desk, line in ((root, "/tipfacts topics"), (in_discord(root), "/tipfacts topics")):
        refused = desk.refused(desk.form("correct F12"), "review", topic="zebras", reason="slip")
        assert refused.errors["topic"] == f"I know no topic “zebras”. The command “{line}” lists them."


def test_where_a_request_says_how_commands_are_called_they_are_called_so(root: Desk) -> None:
    chinese = Spelling("/tipfacts", "/tipfacts-摘要", "/tipfacts-編輯", (("subscribe", "訂閱"), ("digest why", "原因")))
    here = in_discord(root)
    for line, advice in (("help subscribe", "/tipfacts-摘要 訂閱 ["), ("help add", "/tipfacts-編輯 add")):
        asked = Request(line, here.actor, here.address, here.now, Locale.ZH_HANT, spelling=chinese)
        reply = here.bot.handle(asked)
        assert isinstance(reply, Message)
        assert plain_text(reply.document).startswith(advice)


def test_lines_to_type_stand_in_the_quotation_marks_of_the_language(root: Desk) -> None:
    chinese = replace(root, locale=Locale.ZH_HANT)
    assert "「/tipfacts grant @USER editor」" in chinese.text("help grant")
    assert not set("“”") & set(chinese.text("help grant"))
    assert "“/tipfacts grant @USER editor”" in root.text("help grant")


def in_discord(desk: Desk, actor: Actor = KIM) -> Desk:
    bot = Bot(desk.store, Settings(admins=frozenset({KIM.name})))
    return replace(desk, bot=bot, actor=actor, address=Address(Platform.DISCORD, "G1", "C1"))


def test_a_long_answer_points_to_what_can_be_pressed_wherever_it_is_read() -> None:
    facts = [replace(COUNT, id=number, key=f"count-{number}", period=None) for number in range(1, 3 + MORE_FACTS)]
    answer = fact_answer(facts[0], facts, (), wording(Locale.EN), with_rest=True)
    assert "1 more fact on this topic: its history shows all." in plain_text(answer.document)
    assert "history Screenings" in offered(answer)


def test_a_digest_says_what_to_type_for_what_it_leaves_out(desk: Desk) -> None:
    slack = replace(desk, bot=Bot(desk.store, Settings(admins=frozenset({ROOT.name}))), actor=ROOT, address=CHANNEL)
    assert slack.say("subscribe").kind is Kind.DONE
    add_statement_of_2022(slack)
    text = slack.text("digest test")
    assert text.count("\n- ") == MAX_FACTS
    assert "more are not shown: type “/tipfacts statement S" in text
    assert "type the topic" not in text


@pytest.mark.parametrize("line", ["help grant", "help revoke", "grant", "revoke", "help"])
def test_nobody_in_slack_is_asked_for_ids_that_they_do_not_know(root: Desk, line: str) -> None:
    assert "slack:" not in root.text(line)


@pytest.mark.parametrize("line", ["add", "topic alias add screenings: vetting"])
def test_who_lacks_a_role_is_told_what_is_typed_to_get_it(root: Desk, line: str) -> None:
    reader = replace(root, actor=replace(ROOT, user="U0READ01"))
    text = reader.text(line)
    assert "An admin can name you with “/tipfacts grant”; the first admin uses “/tipfacts claim CODE”." in text


def test_a_paused_channel_is_told_what_to_type(desk: Desk) -> None:
    slack = replace(desk, actor=ROOT, address=CHANNEL)
    slack.say("subscribe screenings weekly friday")
    with desk.store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held
    desk.store.apply(SetSubscriptionState(held.id, SubscriptionState.PAUSED, "is_archived"), by="console", at=desk.now)
    line = "/tipfacts subscribe screenings weekly friday at 09:00 Asia/Hong_Kong"
    assert f"Type “{line}” to take it up again." in slack.text("digest why")


@pytest.mark.parametrize("line", [UNKNOWN, f"find {UNKNOWN}", "helpers"])
def test_what_only_the_asker_sees_repeats_a_question_that_got_no_answer(root: Desk, line: str) -> None:
    for _ in range(2):
        reply = root.say(line)
        assert reply.kind in (Kind.ABSTENTION, Kind.CHOICE)
        assert plain_text(reply.document).startswith(f"You asked: “{line}”\n\n")


def test_a_question_is_repeated_as_it_was_typed_and_not_at_any_length(root: Desk) -> None:
    assert root.text("tipfacts  FERRIES ‘sank’、ok？").startswith("You asked: “FERRIES ‘sank’、ok？”")
    assert root.text("ferry " * 100).startswith(f"You asked: “{('ferry ' * 100)[:200]}…”")
    assert "渡輪沉沒咗幾多隻？" in root.text("渡輪沉沒咗幾多隻？").partition("\n")[0]


def test_what_is_answered_under_the_question_does_not_repeat_it(root: Desk) -> None:
    console = replace(root, actor=CONSOLE)
    assert "You asked" not in console.text(UNKNOWN)
    assert "You asked" in root.text(UNKNOWN)
    talk = Request(UNKNOWN, ROOT, THREAD, MONDAY, conversation=THREAD)
    reply = root.bot.handle(talk)
    assert isinstance(reply, Message)
    assert "You asked" not in plain_text(reply.document)
    for line in ("how many screenings were there in 2023?", "screenings", "help", "check F99999", "subscriptions"):
        assert "You asked" not in root.text(line)


def test_a_relative_time_is_shown_in_the_characters_of_hong_kong(root: Desk) -> None:
    text = root.text("舊年捉到幾多個")
    assert "舊年（2025年）" in text
    assert "旧" not in text
