"""Rules, oblasts and a line to zones, areas and ranges."""
