"""Scripts of the repository, which are no package."""

import importlib.util
from types import ModuleType

from support.paths import ROOT


def load_script(name: str) -> ModuleType:
    """Import a script of the repository, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script
