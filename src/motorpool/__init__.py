"""Motorpool runs vehicle fleets, many companies at once."""
