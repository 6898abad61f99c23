"""Proposals as ordered rules: from a TOML file or a link to checked, frozen values, and back. No measuring."""
