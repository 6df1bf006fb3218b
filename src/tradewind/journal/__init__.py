"""The append-only record of every decision: hash-chained, per region, read by projections."""
