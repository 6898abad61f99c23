"""Questions asked of measured zones: comparison, claims, settlements, history, many days."""
