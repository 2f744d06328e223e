"""See the SQL file beside this one."""

from motorpool.migrations.revision import sql_revision

revision = "0002_pre_access"
down_revision = "0001_pre_foundation"
upgrade = sql_revision(__file__)
