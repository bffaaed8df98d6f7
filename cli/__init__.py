"""The command line: thin commands that read, call and render."""
