"""Documents and forms of every kind, with text that nobody means well by, for what must hold for any of them."""

from asking import COUNT
from hypothesis import strategies as st

from bot.domain.text import Locale
from bot.messages.document import (
    Block,
    Choice,
    Choices,
    Detail,
    Document,
    Entries,
    Entry,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
    Table,
)
from bot.messages.exchange import Field, Form, FormErrors, Option, Submit

PAGE = "https://www.example.org/press/2024/06/25/?lang=en&id=1"
LONG = 10_000
ZALGO = "".join(letter + "".join(map(chr, range(0x300, 0x330))) for letter in "zalgo")
MENTIONS = ("<!channel>", "<!here|here>", "<!everyone>", "<@U1>", "<@U1|ann>", "<#C1>", "<!subteam^S1>", "@channel")
MARKUP = ("&lt;!channel&gt;", "&lt;", "&amp;", "<https://x.example|y>", "*", "_", "~", "`", "```", "> ", "|", ":smile:")
UNSEEN = ("\u200f", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\x85", "\0", "\x1b[31m", "\ud800", "\udc00")
SCRIPTS = ("🙂", "👩\u200d👩\u200d👧", "🇭🇰", "字", "販運人口。", "עברית", "عربي", "क्ष", ZALGO)
PLAIN = ("word", "A sentence. ", "\n", "\r\n", "\t", " ", '"', "\\", PAGE, "https://", "http://x", "{q}", "%s", "")
REPEATED = ("a", "字", "&", "<@U1>", "\n", "a\n", "🙂", '"', "http://a ", "One sentence. ", "一句。", ZALGO)


class Repeated(str):
    """A piece over and over, whose repr does not fill the screen when a test fails."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} characters of {self[:12]!a}>"


_short = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(MENTIONS + MARKUP + UNSEEN)
_some = st.lists(st.sampled_from(MENTIONS + MARKUP + UNSEEN + SCRIPTS + PLAIN) | _short, max_size=12).map("".join)
texts = _some | _some | st.sampled_from(REPEATED).map(lambda text: Repeated((text * LONG)[:LONG]))
urls = st.none() | st.just(PAGE) | st.just("https://例.example/甲") | texts | texts.map(lambda text: PAGE + text)
locales = st.sampled_from(list(Locale))

quotations = st.builds(Quotation, texts, texts)
details = st.lists(st.builds(Detail, texts, texts, urls), max_size=8).map(tuple)
cards = st.builds(FactCard, st.just(COUNT), texts, texts, details, st.none() | quotations)
lines = st.builds(FactLine, st.just(COUNT), texts, texts, urls)
choices = st.lists(st.builds(Choice, texts, texts), max_size=30).map(lambda options: Choices(tuple(options)))
entries = st.lists(st.builds(Entry, texts, texts), max_size=12).map(lambda each: Entries(tuple(each)))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 4))
    row = st.tuples(*[texts] * width)
    return Table(draw(row), tuple(draw(st.lists(row, max_size=5))))


words = st.builds(Heading, texts) | st.builds(Paragraph, texts) | st.builds(Footnote, texts)
blocks: st.SearchStrategy[Block] = words | quotations | cards | lines | choices | entries | tables()
documents = st.builds(Document, locales, st.lists(blocks, max_size=10).map(tuple))
many_lines = st.builds(
    Document, locales, st.lists(st.builds(Heading, texts) | lines, min_size=20, max_size=40).map(tuple)
)

_options = st.lists(st.builds(Option, texts, texts), max_size=120).map(tuple)
_submits = st.lists(
    st.builds(Submit, st.sampled_from(("next", "review", "confirm", "cancel")), texts),
    min_size=1,
    max_size=4,
    unique_by=lambda submit: submit.key,
).map(tuple)
_worded = texts.map(lambda text: text[:200])  # no data, but a sentence of ours
_fields = st.lists(
    st.builds(
        Field,
        st.sampled_from([f"field{number}" for number in range(20)]),
        _worded,
        _worded,
        texts,
        st.booleans(),
        st.booleans(),
        st.integers(1, 4_000),
        st.just(()) | _options,
    ),
    max_size=10,
    unique_by=lambda field: field.name,
).map(tuple)
forms = st.builds(
    Form, st.just("add"), st.just("fact"), texts, _fields, _submits, locales, texts, st.none() | documents
)


@st.composite
def refused_forms(draw: st.DrawFn) -> FormErrors:
    form = draw(forms)
    names = st.sampled_from([*(field.name for field in form.fields), "", "unknown"])
    return FormErrors(form, draw(st.dictionaries(names, texts, min_size=1, max_size=5)))


def every_kind(text: str | None = None, locale: Locale = Locale.EN) -> Document:
    """Return a document with every kind of block, whose every text is `text` where one is given."""

    def said(usual: str) -> str:
        return usual if text is None else text

    return Document(
        locale,
        (
            Heading(said("Initial screenings")),
            FactCard(
                COUNT,
                said("approximately 11,000 initial screenings"),
                said("The HKSAR Government said around 11,000 initial screenings were conducted in 2023."),
                (Detail(said("About"), said("2023")), Detail(said("Source"), said("“Report & reply”, Daily"), PAGE)),
                Quotation(said("not only unfounded"), said("HKSAR Government, as quoted by Daily")),
            ),
            Heading(said("Also held on this topic")),
            FactLine(COUNT, said("Three victims were identified."), said("HKSAR Government, 25 June 2024, F13"), PAGE),
            FactLine(COUNT, said("Screening rose by 45%."), said("HKSAR Government, 25 June 2024, F14"), None),
            Paragraph(said("Computed, not stated.")),
            Quotation(said("baseless"), said("a spokesperson")),
            Entries((Entry(said("history TOPIC"), said("All figures.")), Entry(said("topics"), said("Topics held.")))),
            Table((said("Period"), said("Figure")), ((said("2022"), said("not held")), (said("2023"), said("11,000")))),
            Footnote(said("No text of the speaker itself is held.")),
            Choices((Choice(said("History"), said("history screenings")), Choice(said("tier"), said("tier")))),
        ),
    )
