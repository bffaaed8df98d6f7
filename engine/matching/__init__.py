"""Match rules with facts, by two matchers that must agree."""
