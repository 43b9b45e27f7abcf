"""Run by Alembic: migrate over the connection that the store hands in, inside its transaction."""

from alembic import context

from nb2pipe.store.migrate import VERSION_TABLE
from nb2pipe.store.tables import TABLES

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=TABLES,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
