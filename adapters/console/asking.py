"""The `ask` command: one question, or a file of them, answered without changing anything."""

import sys

import click

from adapters.console.locales import locale_option
from adapters.console.output import standard_output
from adapters.console.person import Person
from adapters.console.rooms import Rooms
from bot.core import Bot
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Context, Form, FormErrors, Kind, Message
from bot.wording.wording import wording

EXIT_STATUS = {Kind.ERROR: 1, Kind.ABSTENTION: 3}

_HELP = """Answer one question and exit.

Nothing is ever changed by it. On a terminal the answer is laid out; through a pipe it is plain text.

\b
Examples:
  python -m bot ask screenings
  python -m bot ask "how many victims were identified in 2023?" --json
  python -m bot ask 什麼是FDH --locale zh-Hant
  python -m bot ask --jsonl < questions.jsonl

\b
Exit status: 0 an answer, a choice or help; 3 no fact is held on that;
2 wrong usage; 1 an error. With --jsonl it is 0 once every line is
answered: each object says its own kind.
"""


@click.command("ask", help=_HELP)
@click.argument("question", nargs=-1)
@locale_option
@click.option("--json", "as_json", is_flag=True, help="Print the reply as one line of JSON.")
@click.option(
    "--jsonl",
    "as_batch",
    is_flag=True,
    help='Read lines {"id", "question", "locale"} from standard input; print a line of JSON for each.',
)
@click.pass_obj
@click.pass_context
def ask(
    context: click.Context,
    rooms: Rooms,
    *,
    question: tuple[str, ...],
    locale: Locale | None,
    as_json: bool,
    as_batch: bool,
) -> None:
    """Answer one question, or many."""
    if as_batch and question:
        raise click.UsageError("--jsonl reads its questions from standard input; give none here.")
    if not as_batch and not question:
        raise click.UsageError('What is the question? For example: ask "how many screenings were there in 2023?"')
    with rooms.opened() as installation:
        if as_batch:
            _answer_batch(installation.bot, locale)
            return
        message = answer(installation.bot, " ".join(question), locale)
    _print(message, as_json=as_json)
    context.exit(EXIT_STATUS.get(message.kind, 0))


def answer(bot: Bot, question: str, locale: Locale | None, context: Context | None = None) -> Message:
    """Return the reply to a question; a form is refused, for there is nobody here to fill it in."""
    reply = Person(bot, locale).types(question, context=context, read_only=True)
    match reply:
        case Message():
            return reply
        case Form(locale=worded) | FormErrors(form=Form(locale=worded)):
            refusal = wording(worded).say("This asks for more than a line. Type it in the console: python -m bot")
            return Message(Kind.ERROR, Document(worded, (Paragraph(refusal),)))


def _answer_batch(bot: Bot, locale: Locale | None) -> None:
    from adapters.console.as_json import answer_lines  # noqa: PLC0415 (json is loaded where it is used)

    def ask(question: str, own: Locale | None, context: Context | None) -> Message:
        return answer(bot, question, own or locale, context)

    for line in answer_lines(sys.stdin or (), ask):
        click.echo(line)


def _print(message: Message, *, as_json: bool) -> None:
    if not as_json:
        standard_output().show(message.document, message.kind)
        return
    from adapters.console.as_json import json_line  # noqa: PLC0415 (json is loaded where it is used)

    click.echo(json_line(message))
