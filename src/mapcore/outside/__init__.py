"""What outsiders send or publish: archives, downloads, and files that are read in a process of their own."""
