"""Addresses of the server's own: each stands under the base path that the operator set."""

from __future__ import annotations

import streamlit as st


def under_base(path: str) -> str:
    """Return a path such as ``/ready`` under ``server.baseUrlPath``, which Streamlit adds to no route but its own."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}{path}" if base else path
