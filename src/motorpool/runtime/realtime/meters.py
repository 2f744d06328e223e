"""What is counted about connections."""

from prometheus_client import Counter, Gauge

CLIENTS = Gauge("motorpool_realtime_clients", "Connected clients")
SUBSCRIPTIONS = Gauge("motorpool_realtime_subscriptions", "Subscriptions of connected clients")
FRAMES = Counter("motorpool_realtime_frames_total", "Messages sent to clients", ["kind"])
BYTES = Counter("motorpool_realtime_bytes_total", "Payload sent to clients [characters or bytes]", ["kind"])
ENCODED = Counter("motorpool_realtime_views_encoded_total", "Position frames made, each for all clients of one view")
DROPPED = Counter("motorpool_realtime_dropped_total", "Connections ended by the server", ["reason"])
RESYNCS = Counter("motorpool_realtime_resyncs_total", "Channels told to start anew", ["reason"])
REFUSED = Counter("motorpool_realtime_refused_total", "Messages of clients that were refused", ["code"])
MALFORMED_TICKS = Counter("motorpool_realtime_malformed_ticks_total", "Ticks that were none, or another tenant's")
