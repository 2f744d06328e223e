"""The command line: `motorpool <command>`. Each command imports what it needs when it runs."""

import argparse
import sys
from collections.abc import Callable

from motorpool.kernel.errors import MotorpoolError
from motorpool.runtime.settings import load_settings

ROLE_SENTENCES = {
    "api": "serve the API and the web app",
    "gateway": "listen for devices",
    "ingest": "take positions in: the one process that commits them",
    "stream": "serve live positions and events to browsers",
    "worker": "number events and do what follows from them",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit code: 0 good, 1 a sentence says why not, 2 wrong arguments, 130 interrupted."""
    try:
        given = parser().parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = given.run
        return run(given)
    except MotorpoolError as error:
        print(f"motorpool: {error.detail}", file=sys.stderr)  # noqa: T201 - a command speaks on the terminal
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    top = argparse.ArgumentParser(prog="motorpool", description="Runs vehicle fleets.")
    commands = top.add_subparsers(required=True, metavar="command")
    commands.add_parser("up", help="run everything in one process").set_defaults(run=_up)
    for role, sentence in ROLE_SENTENCES.items():
        commands.add_parser(role, help=f"{sentence} (one role alone)").set_defaults(run=_role, role=role)
    commands.add_parser("migrate", help="bring the database to the present schema").set_defaults(run=_migrate)
    _add_tenant(commands)
    _add_clients(commands)
    _add_database(commands)
    return top


def _add_tenant(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    tenant = commands.add_parser("tenant", help="set up companies").add_subparsers(required=True, metavar="action")
    create = tenant.add_parser("create", help="set up a company with its first administrator")
    create.add_argument("slug", help="short name, such as acme")
    create.add_argument("--name", required=True, help="name of the company")
    create.add_argument("--admin-email", required=True, help="e-mail address of the first administrator")
    create.add_argument("--admin-name", required=True, help="name of the first administrator")
    create.add_argument("--admin-password", help="password; asked for when it is not given")
    create.set_defaults(run=_create_tenant)
    export = tenant.add_parser("export", help="write everything a company has as JSON")
    export.add_argument("slug", help="short name of the company")
    export.set_defaults(run=_export_tenant)


def _add_clients(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from motorpool.apps import simulate  # noqa: PLC0415 - declares its own arguments
    from motorpool.apps.replay import command as replay  # noqa: PLC0415 - a command loads only what it needs

    simulating = commands.add_parser("simulate", help="let a believable fleet drive")
    simulate.add_arguments(simulating)
    simulating.set_defaults(run=simulate.run)
    replaying = commands.add_parser("replay", help="send a recording as if it happened now")
    replay.add_arguments(replaying)
    replaying.set_defaults(run=replay.run)
    driving = commands.add_parser("drive-demo", help="what a demo runs beside itself: its fleets, driving")
    driving.add_argument("--url", required=True)
    driving.add_argument("--vehicles", type=int, default=60)
    driving.set_defaults(run=_drive_demo)


def _add_database(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    dump = commands.add_parser("dump", help="write the embedded database to a file (pg_dump's custom format)")
    dump.add_argument("file")
    dump.set_defaults(run=_dump)
    restore = commands.add_parser("restore", help="read a dump into a new, empty embedded database")
    restore.add_argument("file")
    restore.set_defaults(run=_restore)


def _up(given: argparse.Namespace) -> int:
    from motorpool.apps.up import ROLES, run  # noqa: PLC0415 - a command loads only what it needs

    return run(load_settings(), ROLES)


def _role(given: argparse.Namespace) -> int:
    from motorpool.apps.up import run  # noqa: PLC0415 - a command loads only what it needs

    return run(load_settings(), frozenset({given.role}))


def _migrate(given: argparse.Namespace) -> int:
    from motorpool.apps.database import database  # noqa: PLC0415 - a command loads only what it needs

    with database(load_settings(), migrating=True):
        return 0


def _create_tenant(given: argparse.Namespace) -> int:
    from motorpool.apps.tenants import create  # noqa: PLC0415 - a command loads only what it needs

    return create(load_settings(), given)


def _export_tenant(given: argparse.Namespace) -> int:
    from motorpool.apps.tenants import export  # noqa: PLC0415 - a command loads only what it needs

    return export(load_settings(), given.slug, sys.stdout)


def _drive_demo(given: argparse.Namespace) -> int:
    from motorpool.apps.driving import run  # noqa: PLC0415 - a command loads only what it needs

    return run(given.url, given.vehicles)


def _dump(given: argparse.Namespace) -> int:
    from motorpool.apps.backup import dump  # noqa: PLC0415 - a command loads only what it needs

    return dump(load_settings(), given.file)


def _restore(given: argparse.Namespace) -> int:
    from motorpool.apps.backup import restore  # noqa: PLC0415 - a command loads only what it needs

    return restore(load_settings(), given.file)


if __name__ == "__main__":
    sys.exit(main())
