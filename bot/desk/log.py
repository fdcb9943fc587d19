"""The editors' log: who did what, when, to what."""

from bot.commands.call import Call
from bot.messages.document import Heading, Paragraph, Table
from bot.messages.exchange import Kind, Message

SHOWN = 15


def log(call: Call) -> Message:
    """List the newest entries of the log, or those about one fact or statement."""
    say = call.wording.say
    entries = call.library.log(SHOWN, call.rest.upper() or None)
    if not entries:
        return call.message(Kind.HELP, Paragraph(say("The log holds nothing on that.")))
    rows = tuple(
        (f"{entry.at:%Y-%m-%d %H:%M}Z", entry.actor, entry.action, entry.target, _revision(entry.revision))
        for entry in entries
    )
    header = (say("When (UTC)"), say("Who"), say("What"), say("Which"), say("Revision"))
    return call.message(Kind.HELP, Heading(say("Log")), Table(header, rows))


def _revision(revision: int | None) -> str:
    return str(revision) if revision is not None else "-"
