"""A view that another page shows: headline, map, legend, one row of figures, credit, the way to the view in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from mapcore.analysis.compare import compare
from mapcore.app.pages import compare_page, map_page
from mapcore.app.parts import page_elements, place_search
from mapcore.app.session import lines, viewer_proposal
from mapcore.measurement.areas import measure_proposal
from mapcore.present import links
from mapcore.present.wording import Units
from mapcore.proposals import viewer
from mapcore.publish.build_content import make_sheet
from mapcore.publish.embedded_view import below_map, legend
from mapcore.publish.view_content import Chosen, Sheet


def _proposal(view: links.View, units: Units) -> None:
    chosen = viewer.LINK_ID if view.page == "own" else view.proposal
    proposal = viewer_proposal.load(chosen, view.viewers_proposal)
    measured = measure_proposal(
        proposal, control=lines.load(view.control), parameters={} if view.page == "own" else view.parameters
    )
    st.title(viewer.title_of(proposal), anchor=False)
    map_page.frame(measured, view, units, over=place_search.on_map(view, measured))
    st.html(page_elements.legend(measured, units, dark=page_elements.is_dark()))
    _below(make_sheet(measured, Chosen(units)), view)


def _comparison(view: links.View, units: Units) -> None:
    control = lines.load(view.control)
    first, second = (
        viewer_proposal.load(proposal_id, view.viewers_proposal) for proposal_id in (view.proposal, view.compare)
    )
    comparison = compare(
        measure_proposal(first, control=control, parameters=view.parameters),
        measure_proposal(second, control=control, parameters=view.compare_parameters),
    )
    sheet = make_sheet(comparison, Chosen(units, over=view.question))
    st.title(sheet.title, anchor=False)
    compare_page.difference(comparison, view, units)
    st.html(legend(sheet, partial(page_elements.swatch, dark=page_elements.is_dark())))
    _below(sheet, view)


def _below(sheet: Sheet, view: links.View) -> None:
    query = links.to_query(replace(links.unplaced(view), zone=""))
    st.html(below_map(sheet, query))


#: The pages that are a map and what belongs to it; the others are shown as they are, without the header.
PAGES: Final[Mapping[str, Callable[[links.View, Units], None]]] = {
    "map": _proposal,
    "people": _proposal,
    "own": _proposal,
    "compare": _comparison,
}
