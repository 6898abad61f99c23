"""Proposals for tests that cannot afford all of them, and for quick sites."""

from dataclasses import replace

from mapcore import load_proposal

#: Three for what costs a page or many measurements each: land that moves to and fro under many statuses; other texts
#: with the same map; a parameter that counts on both sides of the line. Cheap tests take all proposals.
REPRESENTATIVE = ("us-28-point", "line-as-is", "twenty-point-zone")


def few():
    """Three proposals, one with a parameter of three steps."""
    buffer = load_proposal("donetsk-narrow-buffer")
    depth = replace(buffer.parameters["depth_km"], min=20.0, max=40.0, step=10.0)
    return [
        load_proposal("us-28-point"),
        load_proposal("line-as-is"),
        replace(buffer, parameters={"depth_km": depth}),
    ]  # fmt: skip
