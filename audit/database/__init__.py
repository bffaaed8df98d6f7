"""The databases that a ledger can be kept in, and how each keeps its rows from being changed."""
