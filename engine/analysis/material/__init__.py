"""What the checks look at: rules and rows as units, thresholds, what golden cases reach, and the trees of it all."""
