"""What the Makefile runs: set-up and translation catalogues."""
