"""What is done with rulesets."""
