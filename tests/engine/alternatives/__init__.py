"""What a case would have scored otherwise."""
