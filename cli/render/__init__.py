"""What people read: the card, the explanation, faults and tables."""
