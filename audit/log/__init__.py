"""The transparency log: Merkle tree, checkpoints, keys and proofs, after RFC 9162 and C2SP; no database here."""
