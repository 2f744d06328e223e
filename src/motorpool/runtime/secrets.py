"""One secret key, and every other key derived from it."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from motorpool.runtime.settings import Settings


def secret_key(settings: Settings) -> bytes:
    """The instance's key: as set, or made once and kept in the data folder (mode 0600)."""
    if settings.secret_key:
        return settings.secret_key.encode()
    path = settings.data_dir / "secret-key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_hex(32))
    return path.read_text().strip().encode()


def _write_once(path: Path, text: str) -> None:
    """Create a private file whole or not at all; when two processes race, the first one's content stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def derive(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose [RFC 2104]; knowing it tells nothing about the others."""
    return hmac.new(key, b"motorpool:" + purpose.encode(), hashlib.sha256).digest()


def role_password(key: bytes, role: str) -> str:
    """The database password of a role."""
    return derive(key, f"role:{role}").hex()


def token_hash(token: str) -> bytes:
    """What is stored of a random token; tokens carry 256 bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).digest()
