"""The pure core: a ruleset and facts in, firings, postings and a scorecard out."""
