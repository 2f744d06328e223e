"""The demo: a town that does not exist and a fleet that drives in it. Nothing here is needed by a real fleet."""
