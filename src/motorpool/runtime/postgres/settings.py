"""How the embedded PostgreSQL is set: `alter system` overrides the file, nothing the command line."""

from pathlib import Path

from motorpool.runtime.postgres.claim import MARK
from motorpool.runtime.postgres.cluster import PORT, Cluster
from motorpool.runtime.postgres.launch import Launcher

SETTINGS = {
    # A day's partition with its key is about 120 MB for 1 000 000 positions; 1 GB instead of 128 MB made COPY
    # 10–20 % faster at 2 to 4 million rows and would be most of a small machine.
    "shared_buffers": "256MB",
    "max_connections": "100",
    # What is acknowledged is on disk.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # pglz, the only method built into these binaries; halves the pages written after a checkpoint.
    "wal_compression": "on",
    # A question over years of daily partitions locks each of them and its indexes.
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # A statement or a row may hold a person's data; the client that made the mistake hears all of it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "default_text_search_config": "pg_catalog.english",
}


def write(cluster: Cluster, launcher: Launcher) -> None:
    """Write postgresql.conf anew, whole or not at all."""
    lines = ["# Written at each start. For settings of your own use: alter system set …"]
    lines += [f"{name} = '{value}'" for name, value in SETTINGS.items()]
    path = cluster.folder / "postgresql.conf"
    draft = path.with_suffix(".new")
    draft.write_text("\n".join(lines) + "\n")
    launcher.own(draft)
    draft.replace(path)


def command(cluster: Cluster, socket: Path) -> list[str]:
    """The server's command line: no TCP, one socket that only its owner opens."""
    fixed = (
        f"unix_socket_directories={socket}",
        "unix_socket_permissions=0700",
        "listen_addresses=",
        f"port={PORT}",
    )
    logged = ("logging_collector=off", "log_destination=stderr")
    options = [part for setting in (*fixed, *logged, MARK) for part in ("-c", setting)]
    return [str(cluster.program("postgres")), "-D", str(cluster.folder), *options]
