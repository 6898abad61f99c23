"""The look of the map's frame, as `web/map/map.css` has it, for what is drawn without that file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from mapcore.base import memory
from mapcore.base.data_files import WEB_DIR
from mapcore.publish.view_content import Theme

#: A theme, or the one that the reader's system asks for.
Wanted = Theme | Literal["auto"]
_BLOCK: Final = re.compile(r"(:root|\[data-theme=\"dark\"\]) \{(.*?)\}", re.DOTALL)
_ROOT, _DARK = ":root", '[data-theme="dark"]'


@memory.shared
def palette(theme: Theme) -> Mapping[str, str]:
    """Return the colours of the map's frame by name, such as ``ink`` and ``sea``."""
    style = (WEB_DIR / "map/map.css").read_text(encoding="utf-8")
    palettes = {name: dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for name, block in _BLOCK.findall(style)}
    return palettes[_ROOT] if theme == "light" else palettes[_ROOT] | palettes[_DARK]


def themed(light: Mapping[str, str], dark: Mapping[str, str], theme: Wanted, *, within: str = ":root") -> str:
    """Return CSS that defines variables for a theme; with ``auto`` the reader's system chooses."""
    shown = _variables(dark if theme == "dark" else light, within, "dark" if theme == "dark" else "light")
    if theme != "auto":
        return shown
    return f"{shown}@media (prefers-color-scheme:dark){{{_variables(dark, within, 'dark')}}}"


def _variables(values: Mapping[str, str], within: str, scheme: str) -> str:
    return f"{within}{{color-scheme:{scheme};{''.join(f'--{name}:{value};' for name, value in values.items())}}}"
