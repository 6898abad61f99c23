"""The address of a view in a copy of the static site, which lasts longer than a server does."""

from __future__ import annotations

from dataclasses import replace

from mapcore.base.language import language
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.proposals import viewer
from mapcore.publish import site_stubs
from mapcore.publish.view_content import Chosen, Subject, link, subjects_of


def site_link(subject: Subject, chosen: Chosen, site: str) -> str:
    """
    Return the address of a view in the site, or nothing where the site has no such view.

    It holds the shipped proposals on the default line, each step of their parameters, and comparisons at the defaults.
    A proposal as it opens has a page of its own, whose title and card a messenger shows.

    Parameters
    ----------
    site
        Where a site stands that `mapcore site --link-base` wrote for this address, with a slash at its end.
    """
    shown = subjects_of(subject)
    as_shipped = all(
        measured.parameters == {name: parameter.default for name, parameter in measured.proposal.parameters.items()}
        for measured in shown
    )
    elsewhere = any(
        viewer.is_viewers(measured.proposal) or measured.control.id != DEFAULT_CONTROL for measured in shown
    )
    if elsewhere or (len(shown) > 1 and (chosen.over != "all" or not as_shipped)):
        return ""
    plain = (chosen.units, chosen.frame) == ("km2", "subject") and not (chosen.place or chosen.settlement)
    if len(shown) == 1 and as_shipped and plain:
        return site + site_stubs.address(shown[0].proposal.id, language())
    return link(subject, replace(chosen, base=site))
