"""Rulesets with one maintainer's mistake each, as data."""
