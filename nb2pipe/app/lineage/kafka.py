"""OpenLineage's Kafka transport, so that an event that was not delivered is an error, as with all other transports."""

from __future__ import annotations

from typing import Any


class DeliveryError(Exception):
    """A broker did not take an event."""


class ToldProducer:
    """Stands for the producer of the transport, which writes failed deliveries into a log and goes on.

    Args:
        producer: ``confluent_kafka.Producer``.
    """

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._failures: list[str] = []

    def produce(self, *, on_delivery: Any, **message: Any) -> None:
        """Hand over a message; what becomes of it is known after a flush.

        Args:
            on_delivery: the transport's own note, which is not needed.
            message: topic, key and value.
        """

        def delivered(error: Any, message: Any) -> None:
            if error is not None:
                self._failures.append(error.str())

        self._producer.produce(on_delivery=delivered, **message)

    def flush(self, timeout: float = -1) -> int:
        """Wait until messages are delivered.

        Args:
            timeout: seconds; below 0 for as long as it takes.

        Returns:
            How many are not delivered yet.

        Raises:
            DeliveryError: some were refused, or given up by the configuration of the producer.
        """
        left = int(self._producer.flush(timeout))
        failures, self._failures = self._failures, []
        if failures:
            raise DeliveryError(failures[0])
        return left


def with_deliveries(transport: Any) -> None:
    """Have a transport raise where a broker did not take an event; others than Kafka's are left as they are."""
    if transport.kind == "kafka" and transport.producer is not None:
        transport.producer = ToldProducer(transport.producer)
