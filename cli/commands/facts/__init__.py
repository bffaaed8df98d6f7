"""What is done with facts files."""
