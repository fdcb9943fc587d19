"""Withdrawing and restoring facts and statements: a look at what it touches, a reason, and a new version."""

import json
from dataclasses import dataclass
from typing import Any

from bot.answering.composing import fact_line, shown_standing, statement_title
from bot.commands.call import Call, Do, Outcome
from bot.commands.grammar import raw_rest
from bot.commands.looking_up import id_number, no_such
from bot.desk.draft import Checker
from bot.desk.fields import filled, reason_field, sent_back
from bot.domain.changes import Change, SetFactStanding, SetStatementStanding
from bot.domain.facts import Fact, Standing, Statement
from bot.messages.document import Block, Choice, Choices, Document, Footnote, Heading, Paragraph
from bot.messages.exchange import Form, FormErrors, Kind, Message, Submit
from bot.ports import FACTS_OF_A_STATEMENT

SHOWN = 20  # facts of a statement that is withdrawn or restored


@dataclass(frozen=True, slots=True)
class _Target:
    """A fact, or a statement with all its facts."""

    held: Fact | Statement
    facts: tuple[Fact, ...]

    @property
    def id(self) -> str:
        return self.held.public_id

    def change(self, standing: Standing, reason: str, based_on: int) -> Change:
        if isinstance(self.held, Statement):
            return SetStatementStanding(self.held.id, based_on, standing, reason)
        return SetFactStanding(self.held.id, based_on, standing, reason)


def withdraw(call: Call) -> Outcome:
    """Take the next step of withdrawing a fact or statement."""
    return _set(call, Standing.WITHDRAWN)


def restore(call: Call) -> Outcome:
    """Take the next step of restoring a fact or statement that was withdrawn."""
    return _set(call, Standing.CURRENT)


def _set(call: Call, standing: Standing) -> Outcome:
    sent = sent_back(call.request)
    carried: dict[str, Any] = json.loads(sent.carried) if sent else {"id": call.rest.partition(" ")[0]}
    target = _target(call, str(carried["id"]))
    if target is None:
        return no_such(call)
    if target.held.standing is standing:
        return call.error(_already(call, target, standing))
    if sent is None:
        return _form(call, target, standing, raw_rest(call.request.text, words=2))
    if sent.submit == "cancel":
        return call.message(Kind.DONE, Paragraph(call.wording.say("Nothing was changed.")))
    check = Checker((reason_field(call.wording),), sent.values, call.wording)
    if sent.submit != "confirm":
        return _form(call, target, standing, check.text("reason"))
    return _take(call, check, target, standing, int(carried["version"]))


def _take(call: Call, check: Checker, target: _Target, standing: Standing, version: int) -> Outcome:
    reason, errors = check.text("reason"), check.errors
    if target.held.version != version:
        errors[""] = call.wording.say("{id} was changed meanwhile. Check it again before you send.", id=target.id)
    if errors:
        return FormErrors(_form(call, target, standing, reason), errors)
    return Do(target.change(standing, reason, version), lambda _: _done(call, target, standing))


def _target(call: Call, public_id: str) -> _Target | None:
    number = id_number(public_id)
    if public_id.casefold().startswith("s"):
        statement = call.library.statement(number)
        return _Target(statement, tuple(call.library.facts_of(number))) if statement else None
    fact = call.library.fact(number)
    return _Target(fact, (fact,)) if fact else None


def _form(call: Call, target: _Target, standing: Standing, reason: str) -> Form:
    say = call.wording.say
    command, title, button = (
        ("withdraw", say("Withdraw {id}", id=target.id), say("Withdraw it"))
        if standing is Standing.WITHDRAWN
        else ("restore", say("Restore {id}", id=target.id), say("Restore it"))
    )
    blocks: list[Block] = [Heading(title)]
    if isinstance(target.held, Statement):
        blocks.append(Paragraph(statement_title(target.held, call.wording)))
    blocks += [fact_line(fact, call.wording) for fact in target.facts[:SHOWN]]
    blocks += _not_shown(call, len(target.facts) - SHOWN)
    return Form(
        command=command,
        step="reason",
        title=title,
        fields=filled((reason_field(call.wording),), {"reason": reason}),
        submits=(Submit("confirm", button), Submit("cancel", say("Cancel"))),
        locale=call.wording.locale,
        carried=json.dumps({"id": target.id, "version": target.held.version}),
        document=Document(call.wording.locale, tuple(blocks)),
    )


def _not_shown(call: Call, count: int) -> list[Block]:
    """Return a note on the facts that go with a statement and are not shown. Of very many only the first were read."""
    if count <= 0:
        return []
    if count + SHOWN >= FACTS_OF_A_STATEMENT:
        more = call.wording.say("At least {count} more facts go with it.", count=call.wording.number(count))
        return [Footnote(more)]
    return [Footnote(call.wording.say_many("{count} more fact goes with it.", "{count} more facts go with it.", count))]


def _already(call: Call, target: _Target, standing: Standing) -> str:
    held = target.held
    if isinstance(held, Fact) and standing is Standing.CURRENT and shown_standing(held) is Standing.WITHDRAWN:
        return call.wording.say(
            "{id} is withdrawn with its statement: restore {statement}.",
            id=target.id,
            statement=held.statement.public_id,
        )
    return call.wording.say("{id} is already {standing}.", id=target.id, standing=call.wording.standing(standing))


def _done(call: Call, target: _Target, standing: Standing) -> Message:
    say = call.wording.say
    if standing is Standing.WITHDRAWN:
        text = say("{id} is withdrawn. It stays in the history, and channels that saw it are told.", id=target.id)
        back = Choice(say("Restore it"), f"restore {target.id}")
    else:
        text = say("{id} stands again.", id=target.id)
        back = Choice(say("Withdraw it"), f"withdraw {target.id}")
    return call.message(Kind.DONE, Paragraph(text), Choices((back,)))
