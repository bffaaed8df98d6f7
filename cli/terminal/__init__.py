"""The terminal: its language, its streams, its width, and what the environment says."""
