"""The editors' log: who did what, when, to what."""

from bot.commands.call import Call
from bot.commands.people import may_hear_of
from bot.messages.document import Heading, Paragraph, Table
from bot.messages.exchange import Kind, Message
from bot.ports import AuditEntry

SHOWN = 15
_LOOKED_THROUGH = 5_000  # entries, for those that may be shown
_STEP = 8


def log(call: Call) -> Message:
    """List the newest entries of the log, or those about one fact or statement. What was done to the subscriptions and
    people of another workspace or guild is left out.
    """
    say = call.wording.say
    entries = _entries(call)
    if not entries:
        return call.message(Kind.HELP, Paragraph(say("The log holds nothing on that.")))
    rows = tuple(
        (f"{entry.at:%Y-%m-%d %H:%M}Z", entry.actor, entry.action, entry.target, _revision(entry.revision))
        for entry in entries
    )
    header = (say("When (UTC)"), say("Who"), say("What"), say("Which"), say("Revision"))
    return call.message(Kind.HELP, Heading(say("Log")), Table(header, rows))


def _entries(call: Call) -> list[AuditEntry]:
    target = call.rest.upper() or None
    limit = SHOWN
    while True:
        entries = call.library.log(limit, target)
        shown = [each for each in entries if each.revision is not None or may_hear_of(call, each.target)]
        if len(shown) >= SHOWN or len(entries) < limit or limit >= _LOOKED_THROUGH:
            return shown[:SHOWN]
        limit *= _STEP


def _revision(revision: int | None) -> str:
    return str(revision) if revision is not None else "-"
