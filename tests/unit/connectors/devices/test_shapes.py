"""What holds for every protocol, and the small parts they share."""

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from motorpool.connectors.devices.limits import Counters, Gate, Limits
from motorpool.connectors.devices.metrics import DeviceMetrics
from motorpool.connectors.devices.points import Point, fixes_of, text_of
from motorpool.connectors.devices.protocol import Manifest, Protocol, Standing, Transport
from motorpool.connectors.devices.registry import PROTOCOLS


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_a_protocol_has_a_function_for_each_of_its_transports(protocol: Protocol) -> None:
    transports = protocol.manifest.transports
    assert transports
    assert (protocol.split is not None and protocol.decode is not None) == (Transport.TCP in transports)
    assert (protocol.datagram is not None) == (Transport.UDP in transports)
    assert (protocol.request is not None) == (Transport.HTTP in transports)


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_what_a_protocol_does_not_need_or_have_yet_has_a_reason(protocol: Protocol) -> None:
    for quality in protocol.manifest.qualities.values():
        assert quality.standing is Standing.DONE or quality.reason


def test_a_manifest_that_leaves_out_a_quality_is_refused() -> None:
    with pytest.raises(ValueError, match="must speak of framing, checksum"):
        Manifest("x", "X", 1, (Transport.TCP,), {})


def test_two_protocols_do_not_share_a_port() -> None:
    ports = [protocol.manifest.port for protocol in PROTOCOLS.values()]
    assert len(set(ports)) == len(ports)


def test_points_become_columns_and_what_does_not_fit_stays_a_sensor() -> None:
    points = [
        Point(
            1,
            2.0,
            3.0,
            said={"speed_mps": 5, "rpm": 65_535},
            ignition=False,
            sensors={"b": 1, "a": "x"},
            dtcs=["P2", "P1", "P2"],
        ),
        Point(4, 5.0, 6.0, said={"altitude_m": float("nan"), "odometer_m": 1e9 + 1}),
    ]
    fixes = fixes_of(points)
    assert fixes.at_us.tolist() == [1, 4]
    assert fixes.ignition.tolist() == [0, -1]
    assert fixes.speed_mps[0] == 5
    assert fixes.odometer_m[1] == 1e9 + 1
    assert np.isnan([fixes.rpm[0], fixes.speed_mps[1], fixes.altitude_m[1]]).all()
    assert fixes.extra[0] == b'{"dtcs":["P1","P2"],"sensors":{"a":"x","b":1,"rpm":65535}}'
    assert fixes.extra[1] is None


def test_no_points_become_no_rows() -> None:
    assert len(fixes_of([])) == 0


@pytest.mark.parametrize(
    ("raw", "text"),
    [(b" Ver:1\r\n", "Ver:1"), (b"\0\0AB\0", "AB"), (b"A\0B", "410042"), (b"\xff", "ff"), (b"", "")],
)
def test_bytes_are_text_or_hexadecimal(raw: bytes, text: str) -> None:
    assert text_of(raw) == text


def test_a_gate_counts_by_address_and_forgets_who_left() -> None:
    gate = Gate(Limits(connections=3, per_address=2), Counters())
    assert [gate.admit(address) for address in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    gate.leave("a")
    assert gate.admit("c")
    assert (gate.counters.open, gate.counters.connections_refused) == (3, 2)
    for address in ("a", "b", "c"):
        gate.leave(address)
    assert gate._by_address == {}


def test_counters_are_told_to_prometheus_by_protocol() -> None:
    collected = CollectorRegistry()
    collected.register(DeviceMetrics({"teltonika": Counters(open=2, frames=7), "osmand": Counters(garbage_bytes=3)}))
    lines = generate_latest(collected).decode().splitlines()
    assert 'motorpool_device_open_connections{protocol="teltonika"} 2.0' in lines
    assert 'motorpool_device_frames_total{protocol="teltonika"} 7.0' in lines
    assert 'motorpool_device_garbage_bytes_total{protocol="osmand"} 3.0' in lines
