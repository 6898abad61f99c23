"""The view that a link opens for somebody who is not in a session yet: what is shown, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from mapcore.analysis.compare import Comparison, compare
from mapcore.base.errors import MapcoreError
from mapcore.base.language import speaking, tr
from mapcore.base.schema import DEFAULT_CONTROL
from mapcore.base.today import today
from mapcore.land.contact_line import Control
from mapcore.lines import operators_line
from mapcore.lines.catalogue import load_control
from mapcore.lines.user_lines import user_line_stamps
from mapcore.measurement.areas import Measured, measure_proposal
from mapcore.present import links
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.proposals.model import Proposal, settle_parameters
from mapcore.proposals.shipped import load_proposal, load_proposals
from mapcore.publish.frame_style import Wanted

#: What a link says to Streamlit's page itself; links within the answer say it again.
_SHELL: Final = ("embed", "embed_options")


@dataclass(frozen=True)
class Linked:
    """
    A link, read.

    Attributes
    ----------
    notices
        A sentence for whatever was replaced by its default, in the link's language.
    shell
        The parameters that Streamlit's page reads by itself, as they are.
    theme
        The theme that the link asks for, or ``auto``.
    base
        The address that the page stands at, up to its query and with a slash at its end; empty where it is not known.
    """

    view: links.View
    notices: tuple[str, ...]
    shell: tuple[tuple[str, str], ...] = ()
    theme: Wanted = "auto"
    base: str = ""

    @property
    def units(self) -> Units:
        """The units of areas."""
        return cast("Units", self.view.units)

    @property
    def is_embedded(self) -> bool:
        """Whether the page stands in another's."""
        return any(key == "embed" and value.lower() == "true" for key, value in self.shell)

    @property
    def control(self) -> Control:
        """The line of contact of the view."""
        return load_control(self.view.control)

    def key(self) -> str:
        """
        Return what two links have in common that get the same answer, while the data is the same.

        The day is among it, and what became of the operator's line, since an answer says how old its line is and why;
        and the lines in the data folder, which can be replaced under the same id, and are listed in answers.
        """
        asked, served = sorted(links.to_query(self.view).items()), operators_line.served()
        serves = served and (served.line, served.looked_on, served.trouble)
        stored = hash(user_line_stamps())
        return repr((today(), serves, stored, asked, self.notices, self.shell, self.theme, self.base))

    def query(self, **changed: str | Mapping[str, str]) -> dict[str, str]:
        """Return the query parameters of this view with other choices; the place on the map stays behind."""
        view = replace(links.unplaced(self.view), zone="")
        return dict(self.shell) | links.to_query(replace(view, **changed))  # type: ignore[arg-type]


def read(query: Mapping[str, str], base: str = "") -> Linked:
    """Read a link as the dashboard does; never raises for what it holds."""
    view, notices = links.from_query(query)
    with speaking(view.lang):
        try:
            load_control(view.control)
        except MapcoreError as problem:
            sentence = tr("{problem}. The default line is used.").format(problem=" ".join(str(problem).split()))
            view, notices = replace(view, control=DEFAULT_CONTROL), [*notices, sentence]
    view = replace(
        view,
        parameters=settle_parameters(_proposal(view, view.proposal), view.parameters),
        compare_parameters=settle_parameters(_proposal(view, view.compare), view.compare_parameters),
    )
    shell = tuple((key, query[key]) for key in _SHELL if key in query)
    return Linked(view, tuple(notices), shell, _theme(query.get("embed_options", "")), base)


def _theme(options: str) -> Wanted:
    if "dark_theme" in options:
        return "dark"
    return "light" if "light_theme" in options else "auto"


def _proposal(view: links.View, proposal_id: str) -> Proposal:
    """Return a proposal by its id in a link: a shipped one, or the viewer's own, which is empty at first."""
    if proposal_id != viewer.LINK_ID:
        return load_proposal(proposal_id)
    packed = view.viewers_proposal
    return viewer.unpack(packed) if packed else viewer.blank(today())


def proposals(linked: Linked) -> dict[str, Proposal]:
    """Return the proposals that can be chosen, by their id in a link; the viewer's own last, where there is one."""
    view = linked.view
    found = {proposal.id: proposal for proposal in load_proposals()}
    if view.viewers_proposal or viewer.LINK_ID in {view.proposal, view.compare}:
        found[viewer.LINK_ID] = _proposal(view, viewer.LINK_ID)
    return found


def measured(linked: Linked) -> Measured:
    """Return the proposal of the view on its line."""
    view = linked.view
    if view.page == "own":
        return measure_proposal(_proposal(view, viewer.LINK_ID), control=linked.control)
    return measure_proposal(_proposal(view, view.proposal), control=linked.control, parameters=view.parameters)


def compared(linked: Linked) -> Comparison:
    """Return what differs between the two proposals of the view."""
    second = _proposal(linked.view, linked.view.compare)
    theirs = measure_proposal(second, control=linked.control, parameters=linked.view.compare_parameters)
    return compare(measured(linked), theirs)
