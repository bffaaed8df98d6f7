"""The checks, one module for each kind; a function yields the findings of one id."""
