"""The arguments every command that speaks to a running Motorpool has: where it is, and who asks."""

import argparse
import os

from motorpool.apps.client import Credentials
from motorpool.runtime.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --url, --email, --password and --api-key. The secrets may come from the environment instead."""
    parser.add_argument(
        "--url", default=f"http://127.0.0.1:{load_settings().port}", help="address of Motorpool (%(default)s)"
    )
    parser.add_argument("--email", help="e-mail address to sign in with; without one, a demo lets you in")
    parser.add_argument("--password", help="password; better in the environment variable MOTORPOOL_PASSWORD")
    parser.add_argument("--api-key", help="API key instead; better in the environment variable MOTORPOOL_API_KEY")


def credentials(arguments: argparse.Namespace) -> Credentials:
    """The credentials of parsed arguments: the API key before the password, the argument before the environment."""
    api_key = arguments.api_key or (None if arguments.email else os.environ.get("MOTORPOOL_API_KEY"))
    if api_key:
        return Credentials(api_key=api_key)
    return Credentials(email=arguments.email, password=arguments.password or os.environ.get("MOTORPOOL_PASSWORD", ""))
