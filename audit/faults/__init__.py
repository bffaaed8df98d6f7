"""What can be wrong with a ledger and its checkpoints, each with its remedy."""
