"""The ledger's tables: their one definition, their rows, and the values read from them."""
