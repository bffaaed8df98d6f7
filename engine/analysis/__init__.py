"""What can be said of rulesets without a case of a department."""
