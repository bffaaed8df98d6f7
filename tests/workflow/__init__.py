"""Laws of the use cases that every door shares."""
