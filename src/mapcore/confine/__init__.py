"""A process of its own for what comes from outside, with limits of memory, time and output."""
