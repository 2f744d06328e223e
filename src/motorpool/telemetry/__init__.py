"""The hot path: what devices say, through a list of pure stages, into one transaction.

Owns: positions, latest, trips, stops, shards, telemetry_versions, telemetry_devices, telemetry_assignments, incoming, incoming_latest
"""
