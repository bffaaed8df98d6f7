"""The fast matcher: all that touches the C engine."""
