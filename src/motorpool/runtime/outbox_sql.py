"""SQL of the event log: appending, numbering, reading."""

# Store one event as the next version of its stream.
APPEND_EVENT = """
insert into events (tenant_id, id, stream_kind, stream_id, stream_version, name, vehicle_id, actor_id, actor_kind,
  correlation_id, causation_id, data)
select %(tenant_id)s, %(id)s, %(stream_kind)s, %(stream_id)s,
  coalesce((select max(stream_version) from events e where e.tenant_id = %(tenant_id)s
    and e.stream_kind = %(stream_kind)s and e.stream_id = %(stream_id)s), 0) + 1,
  %(name)s, %(vehicle_id)s, %(actor_id)s, %(actor_kind)s, %(correlation_id)s, %(causation_id)s, %(data)s
"""

# Take the sequencer's lock for this transaction; false when another process numbers events now.
TAKE_SEQUENCER = "select pg_try_advisory_xact_lock(7305117, 1) as taken"

# Number up to a thousand committed events. Only committed rows are visible here, so a position never appears before its event.
# The order is the one they were written in: ids made in one millisecond, or on two machines, say nothing about which came first.
NUMBER_EVENTS = """
update events e set position = numbered.position
from (
  select tenant_id, id, nextval('event_positions') as position
  from (select tenant_id, id from events where position is null order by written limit 1000) waiting
) numbered
where e.tenant_id = numbered.tenant_id and e.id = numbered.id
"""

# Events after a cursor, in order.
READ_EVENTS = """
select position, tenant_id, id, stream_kind, stream_id, stream_version, name, vehicle_id, actor_id, actor_kind, data, at,
  correlation_id, causation_id
from events where position > 0 and position > %(cursor)s order by position limit %(limit)s
"""

# The newest numbered position.
NEWEST_POSITION = "select coalesce(max(position), 0) as position from events where position > 0"

# Events of the reader's own tenant after a cursor: what a returning browser missed.
READ_EVENTS_OF_TENANT = """
select position, tenant_id, id, name, vehicle_id, data, at
from events where tenant_id = tenant() and position > %(cursor)s order by position limit %(limit)s
"""

# Position of the newest event the actor may see.
NEWEST_OF_TENANT = """
select coalesce(max(position), 0) as position from events where tenant_id = tenant() and position is not null
"""
