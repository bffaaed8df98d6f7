"""From facts to firings, postings and scores."""
