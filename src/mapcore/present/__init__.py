"""Words, colours, links and map layers."""
