"""Teltonika trackers: Codec 8, 8 Extended and 16 over TCP and UDP; answers in Codec 12, 13 and 14."""
