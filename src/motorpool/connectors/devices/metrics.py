"""Counters of the device ports for Prometheus, read when somebody asks and at no cost before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from motorpool.connectors.devices.limits import Counters


class DeviceMetrics(Collector):
    """Serves `motorpool_device_<counter>_total{protocol=…}` and `motorpool_device_open_connections`."""

    def __init__(self, ports: Mapping[str, Counters]) -> None:
        """`ports` may grow later: it is read on each collection, by protocol name."""
        self._ports = ports

    def collect(self) -> Iterator[Metric]:
        """One family for each counter."""
        for field in fields(Counters):
            yield self._family(
                field.name, ((name, getattr(counters, field.name)) for name, counters in self._ports.items())
            )

    def _family(self, name: str, values: Iterable[tuple[str, int]]) -> Metric:
        family: CounterMetricFamily | GaugeMetricFamily
        if name == "open":
            family = GaugeMetricFamily(
                "motorpool_device_open_connections", "Device connections open now", labels=["protocol"]
            )
        else:
            text = f"Device ports: {name.replace('_', ' ')}"
            family = CounterMetricFamily(f"motorpool_device_{name}", text, labels=["protocol"])
        for protocol, value in values:
            family.add_metric([protocol], value)
        return family
