"""See the SQL file beside this one."""

from motorpool.migrations.revision import sql_revision

revision = "0001_pre_foundation"
down_revision = None
upgrade = sql_revision(__file__)
