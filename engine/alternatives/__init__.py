"""What else could have been: what it would take to gain the points that were lost, and what other readings give."""
