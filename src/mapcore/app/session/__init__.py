"""What belongs to one visitor: their view, lines, proposal and jobs."""
