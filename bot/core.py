"""The shared command core: one request in, one reply out. It knows no platform, no SQL, no clock and no network."""

import logging
import re
import secrets
from dataclasses import dataclass, field, replace
from functools import partial

from bot.answering.terms import contains_han
from bot.answering.vocabulary import Vocabulary
from bot.commands.about import usage_error, welcome
from bot.commands.call import Call, Do, Handler, Noted, Outcome
from bot.commands.command import Command, Group
from bot.commands.grammar import MAX_LINE, Line, parse
from bot.commands.home import home
from bot.commands.looking_up import ANY_ID, check, statement
from bot.commands.meant import command_meant
from bot.commands.people import out_of_place, refusal
from bot.commands.reading import ask, restated
from bot.commands.table import COMMANDS, command_named
from bot.completing import Completer
from bot.domain.changes import (
    AlreadyDoneError,
    Applied,
    Change,
    ChangeRefusedError,
    RefusalReason,
    SetSubscriptionState,
    StaleChangeError,
)
from bot.domain.digests import SubscriptionState
from bot.domain.people import Actor, Role
from bot.domain.text import Locale
from bot.health import Health
from bot.messages.document import Choice, Choices, Document, Paragraph
from bot.messages.exchange import Audience, Kind, Message, Reply, Request
from bot.notes import Notes
from bot.once import once, once_key, said_before
from bot.ports import Library, Store, StoreUnavailableError
from bot.settings import Settings
from bot.wording.wording import Wording, wording

MOST_ANSWERS = 500  # kept while the library stays as it is
SETTLING = 5.0  # seconds that an end waits for notes
ID = re.compile(ANY_ID, re.IGNORECASE)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    """The vocabulary of one revision of the library, and what was answered from it."""

    revision: int
    vocabulary: Vocabulary
    answers: dict[object, Outcome] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be changed for a request. Only `Bot.carry_out` has the reply to it."""

    request: Request
    do: Do


class Bot:
    """Answers requests. Holds nothing between them but the vocabulary of the newest revision it has read, and the
    `health` of the platforms' apps, which it is told.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self.health = Health()
        self._known: _Known | None = None
        self._notes = Notes()

    def handle(self, request: Request, *, read_only: bool = False) -> Reply:
        """Return the reply; nobody gets silence and nothing is raised.

        With `read_only` a command that would change something is refused. An unexpected error becomes a Message with a
        reference code that is also in the log.
        """
        decided = self.decide(request, read_only=read_only)
        return self.carry_out(decided) if isinstance(decided, Decided) else decided

    def decide(self, request: Request, *, read_only: bool = False) -> Reply | Decided:
        """The first half of `handle`, which waits for nobody who writes: return the reply where it needs no change,
        else what is to be changed. Nothing is raised.
        """
        words = wording(locale_of(request))
        try:
            decided = self._decided(request, words)
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return failed(words, error)
        if read_only and isinstance(decided, Decided):
            return _error(words, words.say("This would change something. Do it in the console or a channel."))
        return decided

    def carry_out(self, decided: Decided) -> Reply:
        """The second half: make the change and return the reply. Waits its turn to write. Nothing is raised.

        Where what the change was based on has moved on, it is decided once more.
        """
        words = wording(locale_of(decided.request))
        try:
            return self._carried_out(decided, words)
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return failed(words, error)

    def home(self, request: Request) -> Message:
        """Return what a person's own page says; nothing is raised. The request has no text."""
        words = wording(locale_of(request))
        try:
            with self._store.read() as library:
                return home(self._call(request, library, words))
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return failed(words, error)

    def settle(self, seconds: float = SETTLING) -> None:
        """Wait until what replies left to be written down is written, but no longer than this."""
        self._notes.settle(seconds)

    def complete(self, line: str, locale: Locale | None = None) -> tuple[Choice, ...]:
        """Return what a partly typed line may become: how each is shown, and the whole line, which can be sent as it
        is. A topic is found by all that it is called, in whatever language.

        Nothing is offered while the library cannot be reached.
        """
        words = wording(locale or Locale.resolve("zh-Hant" if contains_han(line) else "en"))
        try:
            with self._store.read() as library:
                return Completer(library, self._vocabulary(library), words).lines(line)
        except StoreUnavailableError:
            return ()

    def _decided(self, request: Request, words: Wording) -> Reply | Decided:
        with self._store.read() as library:
            outcome = self._outcome(request, library, words)
        if isinstance(outcome, Noted):
            note = partial(self._store.apply, outcome.change, by=request.actor.name, at=request.received_at)
            self._notes.add(note)
            return outcome.message
        return Decided(request, outcome) if isinstance(outcome, Do) else outcome

    def _carried_out(self, decided: Decided, words: Wording) -> Reply:
        request = decided.request
        try:
            return self._apply(request, decided.do, words)
        except StaleChangeError:
            again = self._decided(request, words)
        if not isinstance(again, Decided):
            return again
        try:
            return self._apply(request, again.do, words)
        except StaleChangeError:
            return _error(words, words.say("Somebody changed this at the same moment. Look at it again, then repeat."))

    def _outcome(self, request: Request, library: Library, words: Wording) -> Outcome:
        if len(request.text) > MAX_LINE:
            text = words.say(
                "That is {count} characters; I read at most {most}. Ask in fewer words.",
                count=words.number(len(request.text)),
                most=words.number(MAX_LINE),
            )
            return _error(words, text)
        call = self._call(request, library, words)
        if request.form:
            command = command_named(request.form.command)
            return self._run(call, command) if command else welcome(call)
        return self._read_line(call, parse(request.text, COMMANDS))

    def _call(self, request: Request, library: Library, words: Wording) -> Call:
        role = self._role(request.actor, library)  # first: the store tells the revision with it
        return Call(
            request=request,
            library=library,
            vocabulary=self._vocabulary(library),
            wording=words,
            role=role,
            rest="",
            settings_admins=self._settings.admins,
            troubles=self.health.troubles,
            sends_again=self._settings.sends_again,
        )

    def _read_line(self, call: Call, line: Line) -> Outcome:
        if not line.text:
            return welcome(call)
        number = line.text.strip("#?!. ")
        if ID.fullmatch(number):
            return check(replace(call, rest=number)) if number[0] in "fF" else statement(replace(call, rest=number))
        topic = call.vocabulary.topic_named(line.text)
        if line.command is None or (topic and line.rest):
            return _with_command_meant(call, line, self._ask(replace(call, rest=line.text)))
        if not line.fits:
            return _else_asked(call, line, out_of_place(call, line.command) or usage_error(call, line.command))
        refused = refusal(call, line.command)
        if line.rest and refused:  # "add up the victims" may be no command at all
            return _else_asked(call, line, refused)
        return self._run(replace(call, rest=line.rest), line.command)

    def _ask(self, call: Call) -> Outcome:
        """Answer a question. Of one library, the same question on the same day has the same answer."""
        known, request = self._known, call.request
        if known is None or known.vocabulary is not call.vocabulary:  # another thread has read a newer one meanwhile
            return restated(call, ask(call))
        key = (call.rest, call.wording.locale, request.today, request.context, call.role, call.spelling)
        answer = known.answers.get(key)
        if answer is None:
            if len(known.answers) >= MOST_ANSWERS:
                known.answers.clear()
            answer = known.answers[key] = ask(call)
        return restated(call, answer)

    def _run(self, call: Call, command: Command) -> Outcome:
        key = once_key(call.request)
        said = call.library.reply_to(key) if key else None
        if said:
            return said_before(said, call.wording)
        handler: Handler = command.handler
        return refusal(call, command) or handler(call)

    def _apply(self, request: Request, decided: Do, words: Wording) -> Reply:
        by, at, then = request.actor.name, request.received_at, decided.then
        try:
            applied = self._store.apply(decided.change, by=by, at=at, once=once(request, then))
        except AlreadyDoneError as error:
            return said_before(error.reply, words)
        except ChangeRefusedError as error:
            if _is_so_already(decided.change, error):  # whoever was first has told the channel
                return replace(then(Applied(unchanged=1)), audience=Audience.ASKER)
            return _error(words, _refusal(error, words))
        return then(applied)

    def _vocabulary(self, library: Library) -> Vocabulary:
        revision = library.revision()
        known = self._known
        if known is None or known.revision != revision:
            known = _Known(revision, Vocabulary(library.topics(), library.word_lists(), library.speakers()))
            self._known = known
        return known.vocabulary

    def _role(self, actor: Actor, library: Library) -> Role:
        return Role.ADMIN if actor.name in self._settings.admins else library.role(actor.name)


def _else_asked(call: Call, line: Line, error: Message) -> Outcome:
    """Return the answer to a line that begins like a command and is a question, or the error it is otherwise."""
    asked = ask(replace(call, rest=line.text))
    return asked if isinstance(asked, Message) and asked.kind is Kind.ANSWER else error


def _with_command_meant(call: Call, line: Line, outcome: Outcome) -> Outcome:
    """Offer the command whose name was most likely mistyped where a line is answered by nothing; it is no question to
    be written down then. What needs a role or has to be filled in is offered as help on it.
    """
    message = outcome.message if isinstance(outcome, Noted) else outcome
    meant = None if line.command else command_meant(line.text)
    if meant is None or not isinstance(message, Message) or message.kind not in (Kind.ABSTENTION, Kind.CHOICE):
        return outcome
    rest = line.text.partition(" ")[2]
    goes_on = meant.group is not Group.DESK and meant.takes(rest)
    query = f"{meant.name} {rest}".strip() if goes_on else f"help {meant.name}"
    offered = Choices((Choice(call.typed(query), query), *message.document.choices))
    blocks = (block for block in message.document.blocks if not isinstance(block, Choices))
    return replace(message, document=replace(message.document, blocks=(*blocks, offered)))


def locale_of(request: Request) -> Locale:
    """Return the language a request is answered in: the one it names, else that of its own script."""
    return request.locale or (Locale.ZH_HANT if contains_han(request.text) else Locale.EN)


def _is_so_already(change: Change, error: ChangeRefusedError) -> bool:
    """Whether a change was refused because somebody else has just made it: ended the same subscription."""
    ends = isinstance(change, SetSubscriptionState) and change.state is SubscriptionState.ENDED
    return ends and error.reason is RefusalReason.DANGLING


def _error(words: Wording, text: str) -> Message:
    return Message(Kind.ERROR, Document(words.locale, (Paragraph(text),)))


def failed(words: Wording, error: Exception, unexpected: str = "") -> Message:
    """Return what a person is told of an error, with a reference that finds it in the log. `unexpected` is said of one
    that nobody expected, in place of that nothing was changed.
    """
    reference = secrets.token_hex(4)
    log.error("request failed, reference %s", reference, exc_info=error)
    if isinstance(error, StoreUnavailableError):
        text = words.say("The library cannot be reached right now. Try again in a minute.")
    else:
        text = unexpected or words.say("Something went wrong on our side. Nothing was changed.")
    return _error(words, words.say("{text} Reference: {code}", text=text, code=reference))


def _refusal(error: ChangeRefusedError, words: Wording) -> str:
    match error.reason:
        case RefusalReason.LAST_ADMIN:
            return words.say("This is the last admin. Name another admin first.")
        case RefusalReason.CLAIM_CODE:
            return words.say("This code is wrong, used or older than an hour. The operator can print a new one.")
        case RefusalReason.DANGLING:
            return words.say("What this refers to is no longer held: {detail}", detail=error.detail)
