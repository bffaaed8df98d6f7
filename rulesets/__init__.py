"""Rulesets as data: a folder for each issuer, form and year, with its golden cases; calendars beside them."""
