"""From a trained network to the graph that is served."""

import sys

# The converters report their use over the network when this package can be imported; nothing here phones home.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

from tradewind.nlp.export.run import Candidate, export_graph  # noqa: E402 - after the block above

__all__ = ["Candidate", "export_graph"]
