"""The oblasts, a line of contact, and the cutting of the one by the other."""
