"""The ledger itself: what is appended, and how it is found and read again."""
