"""Lines of contact: the formats that they are published in, from a file to a line, shipped ones and a user's own."""
