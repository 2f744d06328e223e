"""Run benchmarks, each in a process of its own: `python -m benchmarks [name …]`, all of them without a name."""

import subprocess
import sys

NAMES = (
    "floors",
    "start",
    "stages",
    "ingest",
    "device_sockets",
    "fan_out",
    "socket_to_socket",
    "vehicle_key",
)


def main() -> int:
    """Run what was asked for; 0 when every one of them came to its end."""
    asked = sys.argv[1:] or NAMES
    if unknown := set(asked) - set(NAMES):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    worst = 0
    for name in asked:
        print(f"## {name}\n", flush=True)
        worst |= subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode
    return int(worst != 0)


if __name__ == "__main__":
    sys.exit(main())
