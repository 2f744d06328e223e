"""What a start must not load: a process that is ready has imported nothing that only migrations, reports or learning need."""

import json
import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("alembic", "dbos", "pyarrow", "duckdb", "sklearn")

# Everything `motorpool up` runs, up to the moment it is ready, on a database that is already prepared.
START = """
import asyncio, json, sys
from pathlib import Path
from motorpool.apps import cli, up
from motorpool.apps.database import database
from motorpool.runtime.instance import open_instance
from tests.support.instances import settings_for

settings = settings_for(Path(sys.argv[1]))

async def ready(url, key):
    async with open_instance(settings, key, url) as instance:
        await up.seed_demo(instance)
        async with up.open_roles(instance, up.ROLES):
            return sorted(sys.modules)

if __name__ == "__main__":
    cli.parser()
    with database(settings) as prepared:
        print(json.dumps(asyncio.run(ready(prepared.url, prepared.key))))
"""


def modules_when_ready(data_dir: Path) -> set[str]:
    """Top-level packages loaded in a process that has just become ready."""
    script = data_dir.parent / "start.py"
    script.write_text(START)
    command = [sys.executable, str(script), str(data_dir)]
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": root})
    assert done.returncode == 0, done.stderr[-3000:]
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_a_second_start_loads_nothing_it_does_not_need(tmp_path: Path) -> None:
    first = modules_when_ready(tmp_path / "data")
    assert "alembic" in first, "a first start migrates: the check sees what is loaded"
    assert not modules_when_ready(tmp_path / "data").intersection(HEAVY)
