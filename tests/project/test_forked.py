"""A process of its own for a piece of a test sees nothing of what the tests before it did."""

import sys
from types import ModuleType

from support import forked


def test_the_script_that_a_test_ran_is_not_read_again(tmp_path, monkeypatch):
    script = tmp_path / "script.py"
    script.write_text(f"open({str(tmp_path / 'read')!r}, 'w')")
    (tmp_path / "piece.py").write_text("print('done')")
    main = ModuleType("__main__")
    main.__file__ = str(script)
    monkeypatch.setitem(sys.modules, "__main__", main)
    ended = forked.run(forked.script, "piece.py", cwd=tmp_path)
    assert (ended.returncode, ended.stdout.split("\n")[0]) == (0, "done"), ended.stderr
    assert not (tmp_path / "read").exists()
    assert sys.modules["__main__"] is main
