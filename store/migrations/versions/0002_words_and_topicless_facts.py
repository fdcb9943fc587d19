"""Word lists, speakers' aliases, facts without a topic, questions that nothing answered, and who wrote topics.

Light words become the word list "light". The search index is emptied: words are cut in another way now, and
`store.upgrade` makes it anew. On SQLite a column is made nullable by copying its table; the one reference to
`fact_versions` is taken off meanwhile, as dropping the old copy would count as deleting what it refers to.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LIGHT = "light"
_BY_TOPIC = "ix_fact_versions_topic_id_period_sort_period_start_id"
_SHOWN_VERSION = "fk_delivery_facts_fact_id_version"


def upgrade() -> None:
    op.add_column("library", sa.Column("index_version", sa.Integer(), nullable=True))
    _speaker_aliases()
    _word_lists()
    _words()
    _unanswered()
    op.create_index("ix_meanwhile", "audit", ["revision"])  # or each origin would be a search through the whole log
    _say_who_wrote("speakers")
    _say_who_wrote("topics")
    _take_light_words_over()
    op.drop_index("ix_meanwhile", "audit")
    _let_topics_be_empty(allowed=True)
    op.drop_index("ix_fact_versions_topic_id", "fact_versions")
    op.create_index(op.f(_BY_TOPIC), "fact_versions", ["topic_id", "period_sort", "period_start", "id"])
    op.drop_table("postings")
    op.execute("DELETE FROM terms")
    _postings()


def downgrade() -> None:
    """Go back. Word lists other than the light words, aliases of speakers and unanswered questions are lost; facts
    without a topic get one that says so. The index stays as it is.
    """
    with op.batch_alter_table("postings", table_kwargs={"sqlite_with_rowid": False}) as postings:
        postings.create_foreign_key(op.f("fk_postings_fact_id"), "facts", ["fact_id"], ["id"])
        postings.create_foreign_key(op.f("fk_postings_term_id"), "terms", ["term_id"], ["id"])
    op.drop_index(_BY_TOPIC, "fact_versions")
    op.create_index("ix_fact_versions_topic_id", "fact_versions", ["topic_id"])
    _name_a_topic_for_facts_without()
    _let_topics_be_empty(allowed=False)
    op.create_table(
        "light_words",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_light_words")),
    )
    op.execute(f"INSERT INTO light_words (position, word) SELECT position, word FROM words WHERE kind = '{_LIGHT}'")  # noqa: S608
    for table in ("unanswered", "words", "word_lists", "speaker_aliases"):
        op.drop_table(table)
    for table, column in (("topics", "origin"), ("speakers", "origin"), ("library", "index_version")):
        op.drop_column(table, column)


def _say_who_wrote(table: str) -> None:
    op.add_column(table, sa.Column("origin", sa.String(length=20), nullable=True))
    op.execute(f"UPDATE {table} SET origin = {_origin_at(f'{table}.revision')}")  # noqa: S608 (names of our own)


def _origin_at(revision: str) -> str:
    """SQL for the origin of what was written at a revision: each is one write, and the log has its actor. Before this
    version only files wrote speakers and topics, but for speakers that came with a statement an editor added.
    """
    return (
        "(SELECT CASE actor WHEN 'seeds' THEN 'seeds' WHEN 'operator' THEN 'import' ELSE 'editor' END FROM audit "  # noqa: S608
        f"WHERE id = (SELECT min(id) FROM audit WHERE revision = {revision}))"
    )


def _speaker_aliases() -> None:
    op.create_table(
        "speaker_aliases",
        sa.Column("speaker_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_speaker_aliases_speaker_id")),
        sa.PrimaryKeyConstraint("speaker_id", "position", name=op.f("pk_speaker_aliases")),
    )


def _word_lists() -> None:
    op.create_table(
        "word_lists",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_word_lists")),
    )


def _words() -> None:
    op.create_table(
        "words",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kind"], ["word_lists.kind"], name=op.f("fk_words_kind")),
        sa.PrimaryKeyConstraint("kind", "position", name=op.f("pk_words")),
    )


def _unanswered() -> None:
    op.create_table(
        "unanswered",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("question", "locale", name=op.f("pk_unanswered")),
    )
    op.create_index("ix_unanswered_times_last_at", "unanswered", ["times", "last_at"], unique=False)


def _postings() -> None:
    op.create_table(
        "postings",
        sa.Column("term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("term_id", "fact_id", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_postings_fact_id"), "postings", ["fact_id"], unique=False)


def _take_light_words_over() -> None:
    """The log names the list "light words"; the revision of its newest row there is that of the list."""
    written = "coalesce((SELECT max(revision) FROM audit WHERE target = 'light words'), library.revision)"
    op.execute(
        f"INSERT INTO word_lists (kind, revision, origin) SELECT '{_LIGHT}', {written}, {_origin_at(written)} "  # noqa: S608
        "FROM library WHERE EXISTS (SELECT 1 FROM light_words)"
    )
    op.execute(f"INSERT INTO words (kind, position, word) SELECT '{_LIGHT}', position, word FROM light_words")  # noqa: S608
    op.drop_table("light_words")


def _let_topics_be_empty(*, allowed: bool) -> None:
    with op.batch_alter_table("delivery_facts") as shown:
        shown.drop_constraint(_SHOWN_VERSION, type_="foreignkey")
    with op.batch_alter_table("fact_versions") as versions:
        versions.alter_column("topic_id", existing_type=sa.Integer(), nullable=allowed)
    with op.batch_alter_table("delivery_facts") as shown:
        shown.create_foreign_key(_SHOWN_VERSION, "fact_versions", ["fact_id", "version"], ["id", "version"])


def _name_a_topic_for_facts_without() -> None:
    missing = (
        "EXISTS (SELECT 1 FROM fact_versions WHERE topic_id IS NULL) "
        "AND NOT EXISTS (SELECT 1 FROM topics WHERE key = 'no-topic')"
    )
    op.execute(
        "INSERT INTO topics (id, key, label_en, label_zh, revision) "  # noqa: S608
        "SELECT (SELECT coalesce(max(id), 0) + 1 FROM topics), 'no-topic', 'No topic', '未有主題', library.revision "
        f"FROM library WHERE {missing}"
    )
    op.execute(
        "UPDATE fact_versions SET topic_id = (SELECT id FROM topics WHERE key = 'no-topic') WHERE topic_id IS NULL"
    )
