"""The append-only ledger: entries and receipts on disk, guarded by the database itself, and their replay."""
