"""What is counted about live messages between processes."""

from prometheus_client import Counter, Gauge

PUBLISHED = Counter("motorpool_live_published_total", "Live messages given to the transport")
LOST = Counter("motorpool_live_lost_total", "Live messages that could not be sent; listeners are told to resync")
HEARD = Counter("motorpool_live_heard_total", "Live messages handed to a listener")
GAPS = Counter("motorpool_live_gaps_total", "Times a listener was told that messages may be missing")
CONNECTED = Gauge("motorpool_live_redis_connected", "1 while the listening connection to Redis stands")
