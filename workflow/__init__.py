"""What people do with a case, one function for each act, used by every door.

Settings are given and never looked up: nothing here reads an environment variable.
"""
