"""From a trained network to the graph that is served."""

from tradewind.nlp.export.run import Candidate, export_graph

__all__ = ["Candidate", "export_graph"]
