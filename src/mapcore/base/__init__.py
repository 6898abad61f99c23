"""What every stage needs and what knows no map: language, refusals, limits, names, plain geometry, data files."""
