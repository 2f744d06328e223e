"""Replay: a recording anybody made, sent through the public API as if it happened now."""
