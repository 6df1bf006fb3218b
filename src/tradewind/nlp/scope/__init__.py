"""Is this text one of the things that the model was taught? A score, a threshold, and the choice of both."""

from tradewind.nlp.scope.fit import fit_scope
from tradewind.nlp.scope.model import KINDS, ScopeKind, ScopeModel, from_arrays, to_arrays
from tradewind.nlp.scope.roc import auroc
from tradewind.nlp.scope.scores import scope_scores

__all__ = [
    "KINDS",
    "ScopeKind",
    "ScopeModel",
    "auroc",
    "fit_scope",
    "from_arrays",
    "scope_scores",
    "to_arrays",
]
