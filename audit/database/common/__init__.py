"""What both kinds of database have in common: guards against changes, and how a server refuses."""
