"""What both kinds of database have in common: addresses, and the comparison of guards."""
