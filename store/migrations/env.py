"""Run by Alembic: migrates on the connection it is given, within that connection's transaction."""

from alembic import context

from store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
