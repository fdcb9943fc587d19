"""The command table: every platform's commands, the help reply and docs/commands.md are derived from it."""

from bot.answering.spelling import SHORTEST
from bot.answering.terms import is_known_word
from bot.commands import (
    about,
    channel,
    explaining,
    looking_up,
    people,
    reading,
    status,
    unanswered,
    vocabulary,
    word_lists,
)
from bot.commands.command import Command, Group, Parameter
from bot.desk import add, correct, log, standing
from bot.domain.people import Role
from bot.wording.wording import marked

_FACT_ID, _ANY_ID = looking_up.FACT_ID, looking_up.ANY_ID
_ENDINGS = frozenset(("stop", "end", "quit", "cancel", "停止", "取消"))
_LONG = 7  # letters from which two slips are forgiven
_TOPIC_OR_ID = r"\S+(?: \S+){0,14}(?<!\?)|\S+(?: \S+){0,2}"  # more words that end in "?" are a question

COMMANDS: tuple[Command, ...] = (
    Command(
        "help",
        Group.READ,
        marked("Say what can be typed"),
        about.help_,
        parameters=(Parameter("COMMAND", marked("a command’s name")),),
        examples=("help", "help subscribe"),
        aliases=("幫助", "說明", "?"),
        pattern=r"[^\s]*",
    ),
    Command(
        "topics",
        Group.READ,
        marked("List the topics held"),
        reading.topics,
        examples=("topics",),
        aliases=("主題",),
    ),
    Command(
        "topic",
        Group.READ,
        marked("Show what a topic is called; editors add topics and teach them names and words"),
        vocabulary.topic,
        parameters=(
            Parameter("TOPIC|add|alias|words", marked("a topic’s name, or what to change"), required=True),
            Parameter("add|remove", marked("after “alias” and “words”")),
            Parameter(
                "LABEL|TOPIC: PHRASES",
                marked(
                    "a new topic’s label, as in “Border checks | 邊境檢查”; or a topic and phrases parted by commas"
                ),
            ),
        ),
        # None adds a topic: that stays.
        examples=(
            "topic screenings",
            "topic alias add screenings: vetting, 審查",
            "topic words remove screenings: looked into",
        ),
        aliases=("題目",),
        pattern=vocabulary.TOPIC,
        asks=True,
        changes=True,
    ),
    Command(
        "find",
        Group.READ,
        marked("Ask for a topic or question, even one that begins like a command"),
        reading.find,
        parameters=(Parameter("TOPIC OR QUESTION", marked("a topic’s name or a question"), required=True),),
        examples=("find screenings", "find how many victims were found in 2023?"),
        aliases=("查",),
        pattern=r".+",
    ),
    Command(
        "history",
        Group.READ,
        marked("Show all that was ever stated on a topic, or every version of a fact"),
        looking_up.history,
        parameters=(Parameter("TOPIC|F12", marked("a topic’s name or a fact’s id"), required=True),),
        examples=("history screenings", "history F1"),
        aliases=("歷史",),
        pattern=_TOPIC_OR_ID,
        asks=True,
    ),
    Command(
        "source",
        Group.READ,
        marked("Show where a fact or statement stands"),
        looking_up.source,
        parameters=(Parameter("F12|S3", marked("a fact’s or statement’s id"), required=True),),
        examples=("source F1", "source S1"),
        aliases=("來源",),
        pattern=_ANY_ID,
        asks=True,
    ),
    Command(
        "statement",
        Group.READ,
        marked("Show a statement with all its facts"),
        looking_up.statement,
        parameters=(Parameter("S3", marked("a statement’s id"), required=True),),
        examples=("statement S1",),
        aliases=("聲明",),
        pattern=looking_up.STATEMENT_ID,
        asks=True,
    ),
    Command(
        "check",
        Group.READ,
        marked("Say whether a fact still stands and who disputes it"),
        looking_up.check,
        parameters=(Parameter("F12", marked("a fact’s id"), required=True),),
        examples=("check F1",),
        aliases=("核對",),
        pattern=_FACT_ID,
        asks=True,
    ),
    Command(
        "status",
        Group.READ,
        marked("Say how much is held and how tipfacts is doing"),
        status.status,
        examples=("status",),
        aliases=("狀態",),
    ),
    Command(
        "subscribe",
        Group.DIGEST,
        marked("Send this channel a digest of what is new"),
        channel.subscribe,
        parameters=(
            Parameter("TOPICS", marked("topics parted by commas, with a - before each to leave out; all without")),
            Parameter("daily|weekdays|weekly DAY|immediately", marked("on which days; daily without")),
            Parameter("at 09:00", marked("at what time; 09:00 without")),
            Parameter("ZONE", marked("in which time zone; Asia/Hong_Kong without")),
            Parameter(
                "except|including holidays",
                marked("no digest on public holidays, or also then; weekdays leave them out by themselves"),
            ),
        ),
        examples=(
            "subscribe",
            "subscribe screenings, victims weekly Monday at 09:00 Europe/London",
            "subscribe -training weekdays except holidays HK",
            "subscribe victims immediately",
        ),
        aliases=("訂閱",),
        pattern=r".*",
        changes=True,
    ),
    Command(
        "unsubscribe",
        Group.DIGEST,
        marked("Stop this channel’s digests"),
        channel.unsubscribe,
        examples=("unsubscribe",),
        aliases=("取消訂閱",),
        changes=True,
    ),
    Command(
        "subscriptions",
        Group.DIGEST,
        marked("List the subscriptions here with their next run"),
        channel.subscriptions,
        examples=("subscriptions",),
        aliases=("list", "訂閱清單"),
    ),
    Command(
        "digest",
        Group.DIGEST,
        marked("Preview this channel’s digest, say why none came, show a test, or send one again that may be lost"),
        channel.digest,
        parameters=(Parameter("preview|why|test|resend", marked("what to do"), required=True),),
        examples=("digest preview", "digest why", "digest test"),
        aliases=("摘要",),
        pattern=r"preview|why|test|預覽|原因|測試|(?:resend|重發)(?:\s+[dD]\d{1,18})?",
        changes=True,
    ),
    Command(
        "add",
        Group.DESK,
        marked("Add an official statement with its facts"),
        add.add,
        role=Role.EDITOR,
        examples=("add",),
        aliases=("新增",),
    ),
    Command(
        "correct",
        Group.DESK,
        marked("Correct a fact; the version before stays in its history"),
        correct.correct,
        role=Role.EDITOR,
        parameters=(Parameter("F12", marked("a fact’s id"), required=True),),
        examples=("correct F1",),
        aliases=("更正",),
        pattern=_FACT_ID,
    ),
    Command(
        "withdraw",
        Group.DESK,
        marked("Withdraw a fact or a whole statement"),
        standing.withdraw,
        role=Role.EDITOR,
        parameters=(
            Parameter("F12|S3", marked("a fact’s or statement’s id"), required=True),
            Parameter("REASON", marked("why; asked for if left out")),
        ),
        examples=("withdraw F1", "withdraw S1 published in error"),
        aliases=("撤回",),
        pattern=rf"{_ANY_ID}(?: .+)?",
    ),
    Command(
        "restore",
        Group.DESK,
        marked("Let a withdrawn fact or statement stand again"),
        standing.restore,
        role=Role.EDITOR,
        parameters=(
            Parameter("F12|S3", marked("a fact’s or statement’s id"), required=True),
            Parameter("REASON", marked("why; asked for if left out")),
        ),
        examples=("restore F1",),
        aliases=("恢復",),
        pattern=rf"{_ANY_ID}(?: .+)?",
    ),
    Command(
        "words",
        Group.DESK,
        marked("Show or change what words do in a question, and what places are called"),
        word_lists.words,
        role=Role.EDITOR,
        parameters=(
            Parameter("KIND|add|remove", marked("a list’s name or a place’s two letters, or what to do")),
            Parameter("KIND: PHRASES", marked("after “add” and “remove”: the list, and phrases parted by commas")),
        ),
        examples=(
            "words",
            "words light",
            "words CN",
            "words add light: by any chance",
            "words remove light: by any chance",
        ),
        aliases=("字詞",),
        pattern=word_lists.WORDS,
        asks=True,
    ),
    Command(
        "trace",
        Group.DESK,
        marked("Show how a question is read, and what the fact that answers it was judged by"),
        explaining.trace,
        role=Role.EDITOR,
        parameters=(Parameter("QUESTION", marked("a question as anyone would ask it"), required=True),),
        examples=("trace how many victims were found in 2023?", "trace screenings in 2019"),
        aliases=("追蹤",),
        pattern=r".+",
    ),
    Command(
        "unanswered",
        Group.DESK,
        marked("List the questions that nobody got an answer to, the most asked first"),
        unanswered.unanswered,
        role=Role.EDITOR,
        parameters=(
            Parameter("NUMBER|forget", marked("how many; 10 without; or “forget”")),
            Parameter("QUESTION|all", marked("after “forget”: which question, or all of them")),
        ),
        examples=("unanswered", "unanswered 20", "unanswered forget all"),
        aliases=("未答",),
        pattern=unanswered.UNANSWERED,
        asks=True,
    ),
    Command(
        "log",
        Group.DESK,
        marked("Show who changed what, newest first"),
        log.log,
        role=Role.EDITOR,
        parameters=(Parameter("F12|S3", marked("only what was done to this")),),
        examples=("log", "log S1"),
        aliases=("記錄",),
        pattern=rf"(?:{_ANY_ID})?",
        of_place=True,
    ),
    Command(
        "claim",
        Group.DESK,
        marked("Become the first admin with the operator’s one-time code"),
        people.claim,
        parameters=(Parameter("CODE", marked("what “python -m bot claim-code” printed"), required=True),),
        examples=("claim 1A2B-3C4D-5E6F-7890",),
        pattern=r"[0-9a-f -]{4,40}",
        changes=True,
        of_place=True,
    ),
    Command(
        "roles",
        Group.DESK,
        marked("List editors and admins"),
        people.roles,
        examples=("roles",),
        aliases=("角色",),
        of_place=True,
    ),
    Command(
        "grant",
        Group.DESK,
        marked("Name a person editor or admin"),
        people.grant,
        role=Role.ADMIN,
        parameters=(
            Parameter("@USER", marked("the person"), required=True),
            Parameter("editor|admin", marked("the role"), required=True),
        ),
        examples=("grant @USER editor",),
        pattern=r"\S+ (?:editor|admin)",
        of_place=True,
    ),
    Command(
        "revoke",
        Group.DESK,
        marked("Make a person a reader again"),
        people.revoke,
        role=Role.ADMIN,
        parameters=(Parameter("@USER", marked("the person"), required=True),),
        examples=("revoke @USER",),
        pattern=r"\S+",
        of_place=True,
    ),
)


def command_named(name: str) -> Command | None:
    """Return the command of this name or alias, None where there is none."""
    return next((command for command in COMMANDS if name.casefold() in command.names), None)


def command_meant(line: str) -> Command | None:
    """Return the command whose name was most likely mistyped as a line's first word; None where none is near enough. A
    word that a dictionary has is no slip, but some say “stop” and nothing else to end digests.
    """
    first, _, rest = line.casefold().partition(" ")
    typed = first.strip("?!.")
    if typed in _ENDINGS and not rest:
        return command_named("unsubscribe")
    if len(typed) < SHORTEST or not typed.isascii() or not typed.isalpha() or is_known_word(typed):
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 (only for a misspelt word)
    from rapidfuzz.process import extractOne  # noqa: PLC0415

    names = [name for command in COMMANDS for name in command.names if len(name) >= SHORTEST]
    near = extractOne(typed, names, scorer=OSA.distance, score_cutoff=2 if len(typed) >= _LONG else 1)
    return command_named(near[0]) if near else None
