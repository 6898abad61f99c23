"""
Streamlit's modules for the elements of our pages, loaded and run with its own page.

By itself that page asks for the module of a kind of element when the first such element has come: two more rounds to
the server, and React holds back for half a second what is drawn while others are still awaited. A page that is drawn in
two runs (see `app/session/first_run.py`) has what its first screen lacks loaded with the second: that is two thirds of
their bytes. What is looked for is held against the installed Streamlit by a test; a module that another one has not is
left out.
"""

from __future__ import annotations

import json
import re
from typing import Final

from mapcore.app.server import shell_page
from mapcore.base import memory

#: The elements above every page, by the names that their modules have in Streamlit's build.
EVERYWHERE: Final = ("Html", "ButtonGroup", "BidiComponent", "Selectbox", "Button")
#: Those of a page with a map besides.
WITH_MAP: Final = ("ComponentInstance", "Slider", "Checkbox")
#: What a page embedded in another one has.
EMBEDDED: Final = ("Html", "BidiComponent", "ComponentInstance")
#: Those of the first screens that are drawn before the rest, by page, and what a proposal with parameters has besides.
FIRST_SCREENS: Final = {
    "map": EMBEDDED,
    "compare": (*EMBEDDED, "ButtonGroup", "Button"),
    "own": (*EVERYWHERE, *WITH_MAP),
}
PARAMETERS: Final = ("Slider",)
_LISTED: Final = re.compile(r'(?:src|href)="\./static/js/([^"]+)"')
_IMPORTED: Final = re.compile(r'(?:from|import)\s*["`]\./([\w.-]+\.js)["`]')


def found(elements: tuple[str, ...]) -> list[str]:
    """Return the files of the modules of some elements, in their order."""
    return [
        file.name
        for element in elements
        for file in sorted((shell_page.folder() / "static" / "js").glob(f"{element}.*.js"))[:1]
    ]


def tags(page: str, *, has_map: bool, has_parameters: bool, embedded: bool) -> list[str]:
    """Return tags that load what a page needs, by its key in links."""
    if embedded:
        return _tags(EMBEDDED)
    every = EVERYWHERE + WITH_MAP * has_map
    if page not in FIRST_SCREENS:
        return _tags(every)
    first = tuple(dict.fromkeys(FIRST_SCREENS[page] + PARAMETERS * has_parameters))
    return _tags(first, tuple(element for element in every if element not in first))


@memory.shared(maxsize=16)
def _tags(elements: tuple[str, ...], later: tuple[str, ...] = ()) -> list[str]:
    """
    Return tags that load the modules of some elements, and what these import, and then run them.

    Others are loaded when the page asks for what is below its first screen.
    """
    modules = found(elements)
    wanted = _with_imports(modules, set(_LISTED.findall(shell_page.shell())))
    listed = [f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in wanted]
    # A module that cannot be had is asked for again by Streamlit's page, which also says so.
    run = 'const run=all=>{for(const m of all)import("./static/js/"+m).catch(()=>0)}'
    ran = f"{run};run({json.dumps(modules)})"
    if later:
        ran += f';document.addEventListener("mapcore-whole",()=>run({json.dumps(found(later))}),{{once:true}})'
    return [*listed, f'<script type="module">{ran}</script>']


def _with_imports(modules: list[str], present: set[str]) -> list[str]:
    """Return modules with all that they import, but for those that the page loads already."""
    wanted: dict[str, None] = {}
    open_ = list(reversed(modules))
    while open_:
        name = open_.pop()
        if name not in present and name not in wanted:
            wanted[name] = None
            text = (shell_page.folder() / "static" / "js" / name).read_text(encoding="utf-8")
            open_ += reversed(_IMPORTED.findall(text))
    return list(wanted)
