"""Tests of the files that are handed to people outside."""
