"""
The words of argparse itself, in the language in use.

argparse looks each of its messages up with the names `_` and `ngettext` of its own module, which are gettext's, for the
language of the process. Here they are mapcore's: each command speaks its own language, also several in one process.
"""

from __future__ import annotations

import argparse

from mapcore.base.language import mark, tr, trn

#: What a command can be told by argparse of Python 3.11 to 3.14.
WORDS = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("unrecognized arguments: %s"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("ignored explicit argument %r"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("invalid %(type)s value: %(value)r"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
)


def speak() -> None:
    """Have argparse say its own words in the language of the context that it is called in."""
    setattr(argparse, "_", tr)  # noqa: B010 - neither is a public name
    setattr(argparse, "ngettext", trn)  # noqa: B010
