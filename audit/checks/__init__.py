"""The checks of each entry, for the next append and for verification."""
