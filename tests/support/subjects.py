"""Proposals for quick sites."""

from dataclasses import replace

from mapcore import load_proposal


def few():
    """Three proposals, one with a parameter of three steps."""
    buffer = load_proposal("donetsk-narrow-buffer")
    depth = replace(buffer.parameters["depth_km"], min=20.0, max=40.0, step=10.0)
    return [
        load_proposal("us-28-point"),
        load_proposal("line-as-is"),
        replace(buffer, parameters={"depth_km": depth}),
    ]  # fmt: skip
