"""What Alembic runs: our connection, our schema, one transaction a revision."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema="motorpool",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
