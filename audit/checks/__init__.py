"""What each entry is checked for, by whoever goes on from it and by verification."""
