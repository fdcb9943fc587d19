"""A form put to a person field by field; the core says what is asked and whether the answers will do."""

from collections.abc import Mapping, Sequence

from adapters.console.output import Tone
from adapters.console.person import Person
from adapters.console.terminal import CANCEL, CancelledError, Terminal
from bot.messages.exchange import Field, Form, FormErrors, FormInput, Message, Reply, Submit
from bot.wording.wording import wording

CLEAR = ".clear"
EDIT = ".edit"
_MANY_OPTIONS = 9


def fill_in(reply: Form | FormErrors, person: Person, terminal: Terminal) -> Message | None:
    """Put a form's questions, and those of the forms that follow it, until the core answers with a Message.

    None where the person stopped: nothing was changed then, and they have been told.
    """
    first, pressed = True, ""
    going: Reply = reply
    while not isinstance(going, Message):
        form = going if isinstance(going, Form) else going.form
        sheet = Sheet(form, terminal)
        try:
            if isinstance(going, FormErrors):
                pressed = sheet.correct(going.errors, pressed)
            else:
                pressed = sheet.fill(introduce=first)
        except CancelledError:
            terminal.tell()
            terminal.tell(wording(form.locale).say("Cancelled: nothing was changed."), Tone.QUIET)
            return None
        first = False
        going = person.sends(FormInput(form.command, form.step, sheet.values, pressed, form.carried), form.locale)
    return going


class Sheet:
    """One form being filled in; every method that asks raises CancelledError."""

    def __init__(self, form: Form, terminal: Terminal) -> None:
        self.values = {field.name: field.value for field in form.fields}
        self._form = form
        self._terminal = terminal
        self._wording = wording(form.locale)

    def fill(self, *, introduce: bool) -> str:
        """Show the form, ask for every field, and return which button was pressed."""
        self._present(introduce=introduce)
        self._ask_all(self._form.fields)
        if len(self._form.submits) == 1 and self._form.fields:
            return self._form.submits[0].key
        return self._press()

    def correct(self, errors: Mapping[str, str], pressed: str) -> str:
        """Say what is wrong, ask again for those fields only, and return which button was pressed."""
        labels = {field.name: field.label for field in self._form.fields}
        for name, error in errors.items():
            if name not in labels:
                self._terminal.tell(error, Tone.ALARM)
        for field in self._form.fields:
            if field.name in errors:
                self._terminal.tell(f"{field.label}: {errors[field.name]}", Tone.ALARM)
                self._ask(field, refused=True)
        settled = errors.keys() <= labels.keys() and pressed in {submit.key for submit in self._form.submits}
        return pressed if settled and errors else self._press()

    def _present(self, *, introduce: bool) -> None:
        if not introduce:
            self._terminal.tell()
        self._terminal.tell(self._form.title, Tone.STRONG)
        if self._form.document:
            self._terminal.show(self._form.document)
            self._terminal.tell()
        if introduce:
            self._terminal.tell(
                self._wording.say("{cancel} stops: nothing is changed then.", cancel=CANCEL), Tone.QUIET
            )
        if any(self.values.values()):
            keeping = self._wording.say("An empty line keeps what is in brackets; {clear} empties it.", clear=CLEAR)
            self._terminal.tell(keeping, Tone.QUIET)
        self._terminal.tell()

    def _ask_all(self, fields: Sequence[Field]) -> None:
        for field in fields:
            self._ask(field)

    def _ask(self, field: Field, *, refused: bool = False) -> None:
        for line in self._hints(field):
            self._terminal.tell(line, Tone.QUIET)
        prompt = field.label if field.required else self._wording.say("{label} (optional)", label=field.label)
        labels = [option.label for option in field.options]
        shown = dict(zip((option.value for option in field.options), labels, strict=True))
        value = self.values[field.name]
        answer = self._terminal.ask(
            prompt, shown.get(value, value), refused=refused, multiline=field.multiline, options=labels
        )
        self.values[field.name] = "" if answer.strip() == CLEAR else _chosen(answer, field)

    def _hints(self, field: Field) -> list[str]:
        hints = [field.hint] if field.hint else []
        if field.multiline:
            hints.append(self._wording.say("Several lines may be typed; an empty line ends them."))
        listed = [f"{number}. {option.label}" for number, option in enumerate(field.options, 1)]
        return hints + (["  ".join(listed)] if len(listed) > _MANY_OPTIONS else listed)

    def _press(self) -> str:
        """Ask which button to press; a lone one is pressed by an empty line."""
        submits = self._form.submits
        if len(submits) > 1:
            for number, submit in enumerate(submits, 1):
                self._terminal.tell(f"{number}. {submit.label}")
            prompt = self._wording.say("Which one (1 to {last})", last=len(submits))
        else:
            prompt = self._wording.say("Enter for “{label}”", label=submits[0].label)
        if self._form.fields:
            self._terminal.tell(self._wording.say("{edit} goes through the answers again.", edit=EDIT), Tone.QUIET)
        while True:
            answer = self._terminal.ask(prompt).strip()
            if answer == EDIT:
                self._ask_all(self._form.fields)
            elif pressed := _pressed(answer, submits):
                return pressed.key
            elif answer:
                self._terminal.tell(self._wording.say("“{answer}” is none of these.", answer=answer), Tone.ALARM)


def _chosen(answer: str, field: Field) -> str:
    """Return the option meant by its value, label or number; anything else goes to the core as typed."""
    wanted = answer.strip()
    if not field.options or wanted in {option.value for option in field.options}:
        return wanted if field.options else answer
    by_label = {option.label.casefold(): option.value for option in field.options}
    by_number = {str(number): option.value for number, option in enumerate(field.options, 1)}
    return by_label.get(wanted.casefold()) or by_number.get(wanted) or answer


def _pressed(answer: str, submits: Sequence[Submit]) -> Submit | None:
    if not answer:
        return submits[0] if len(submits) == 1 else None
    names = ((str(number), submit.key, submit.label.casefold()) for number, submit in enumerate(submits, 1))
    return next((submit for submit, known in zip(submits, names, strict=True) if answer.casefold() in known), None)
