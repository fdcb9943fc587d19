"""Forms as modals: put before a person, taken back from them, and shown again with what is wrong."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk.errors import SlackApiError

from adapters.slack import carrying
from adapters.slack.blocks import Page
from adapters.slack.carrying import Carried
from adapters.slack.errors import CALL_ERRORS, answer_of
from adapters.slack.kit import Json
from adapters.slack.layout import page_of
from adapters.slack.limits import METADATA, size
from adapters.slack.posting import Posting
from adapters.slack.replies import Replies, apology, unopened
from adapters.slack.requests import Sent, as_typed
from adapters.slack.tokens import Clients
from adapters.slack.views import error_text, form_errors, message_view, modal, read_view
from bot.discreet import error_line
from bot.domain.people import Actor
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Form, FormErrors, FormInput, Kind, Message, Request
from bot.service import Service
from bot.wording.wording import wording

TITLE = "tipfacts"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of a modal that was sent.

    `view` is what it shows next (None: it closes), `errors` in its place what is wrong on which field of the one it
    shows. `message` is what the view tells, where it tells something.
    """

    view: Json | None
    errors: Json | None = None
    message: Message | None = None

    @property
    def response(self) -> Json:
        """The acknowledgement of what was sent."""
        if self.view is None:
            return {"response_action": "clear"}
        return self.errors or {"response_action": "update", "view": self.view}


class Forms:
    """Opens modals and answers those that are sent."""

    def __init__(self, service: Service, clients: Clients, replies: Replies, posting: Posting) -> None:
        self._service = service
        self._clients = clients
        self._replies = replies
        self._posting = posting

    async def open(self, form: Form, request: Request, trigger_id: str) -> Page | None:
        """Put the form that a request asks for before the person.

        Returns what to say where Slack does not confirm it: the trigger of a request lasts three seconds. Raises what a
        call raises where Slack finds fault with the form itself.
        """
        view = await self._modal(form, Carried(request.address, form.locale), request.actor)
        try:
            client = await self._clients.for_team(request.address.space)
            await client.views_open(trigger_id=trigger_id, view=view)
        except CALL_ERRORS as error:
            answer = answer_of(error) if isinstance(error, SlackApiError) else None
            if answer and (answer.finds_fault or answer.code == "view_too_large"):
                raise
            log.info("a form was not opened: %s", answer.code if answer else type(error).__name__)
            return page_of(request.text, unopened(form, request.text))
        return None

    async def tell(self, message: Message, request: Request, trigger_id: str) -> bool:
        """Put a message before the person in a modal. Returns whether Slack confirms it."""
        view = message_view(message.document, TITLE, message.document.locale)
        try:
            client = await self._clients.for_team(request.address.space)
            await client.views_open(trigger_id=trigger_id, view=view)
        except CALL_ERRORS as error:
            log.info("a modal was not opened: %s", error_line(error))
            return False
        return True

    async def take(self, sent: Sent, carried: Carried, at: datetime) -> Taken:
        """Do what a modal that was sent asks for. What is meant for the channel is posted there. Nothing is raised."""
        try:
            text = await self._service.parked(carried.text, sent.actor) if carried.is_parked else carried.text
            if text is None:
                return _telling(sent, _lost(carried))
            return await self._taken(sent, replace(carried, text=text, is_parked=False), at)
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            return _telling(sent, apology(carried.locale, error))

    async def update(self, taken: Taken, sent: Sent, carried: Carried) -> None:
        """Show in a modal, whose waiting was acknowledged, what became of it; where it was closed, beside it."""
        view = taken.view or _view(sent, _done(carried))
        try:
            client = await self._clients.for_team(carried.address.space)
            await client.views_update(view_id=sent.view["id"], view=view)
        except CALL_ERRORS as error:
            log.info("a modal could not be brought up to date: %s", error_line(error))
            if taken.message:
                page = page_of("", taken.message)
                await self._posting.insist(lambda: self._posting.tell(carried.address, sent.actor.user, page))

    async def _taken(self, sent: Sent, carried: Carried, at: datetime) -> Taken:
        request = _request(sent, carried, at)
        match await self._service.handle(request):
            case Message() as reply:
                message = await self._replies.for_asker(request, reply)
                return _telling(sent, message) if message else Taken(None)
            case Form() as form:
                return Taken(await self._modal(form, carried, sent.actor))
            case FormErrors(form=form) as refused:
                view = await self._modal(form, carried, sent.actor, error_text(refused))
                return Taken(view, form_errors(refused) if _is_at_fields(refused, carried) else None)

    async def _modal(self, form: Form, before: Carried, actor: Actor, errors: str = "") -> Json:
        held = replace(
            before, locale=form.locale, command=form.command, step=form.step, text=form.carried, is_parked=False
        )
        if size(carrying.write(held)) > METADATA:
            held = replace(held, text=await self._service.park(form.carried, actor), is_parked=True)
        return modal(form, carrying.write(held), errors)


def _request(sent: Sent, carried: Carried, at: datetime) -> Request:
    values, submit = read_view(sent.view)
    return Request(
        text="",
        actor=sent.actor,
        address=carried.address,
        received_at=at,
        locale=carried.locale,
        once_key=sent.view["id"],  # the same through all steps of one form
        form=FormInput(carried.command, carried.step, values, submit, carried.text),
        can_pop_up=True,
    )


def _is_at_fields(refused: FormErrors, carried: Carried) -> bool:
    """Whether the fields in front of the person can say all that is wrong. Where it is wrong as a whole, what it is
    about may have changed: it is shown anew then.
    """
    form = refused.form
    return (form.command, form.step) == (carried.command, carried.step) and "" not in refused.errors


def _telling(sent: Sent, message: Message) -> Taken:
    return Taken(_view(sent, message), message=message)


def _view(sent: Sent, message: Message) -> Json:
    title = as_typed(sent.view.get("title", {}).get("text") or TITLE)
    return message_view(message.document, title, message.document.locale)


def _lost(carried: Carried) -> Message:
    text = wording(carried.locale).say("This form was open for too long. Begin again.")
    return Message(Kind.ERROR, Document(carried.locale, (Paragraph(text),)))


def _done(carried: Carried) -> Message:
    text = wording(carried.locale).say("Done. The channel has been told.")
    return Message(Kind.DONE, Document(carried.locale, (Paragraph(text),)))
