"""Realtime: who hears what, live. Columns in, one frame per view out; knows no feature and no SQL."""
