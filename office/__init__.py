"""Office files: what fenming hands to people outside, made from values."""
