"""Words everybody shares. Imports nothing of ours and does no I/O."""
