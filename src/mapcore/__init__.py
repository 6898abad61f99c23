"""
Territorial proposals for ending Russia's war against Ukraine: derived as map layers, measured, sourced.

A proposal is an ordered list of rules. On a line of contact it gives zones, which are measured:

>>> import mapcore
>>> plan = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"))
>>> plan.ledger.to_frame().loc["ukraine_leaves"].round(-2).tolist()  # km²: figure, low and high bound, fought over
[6000.0, 5400.0, 6500.0, 300.0]

The bounds come from the error of the line, which is another value to choose. A text that leaves a line of the ledger
open has no figure there:

>>> mapcore.load_control().provenance.error_km
2.0
>>> open_text = mapcore.measure_proposal(mapcore.load_proposal("e3-counter"))
>>> int(open_text.ledger.to_frame().loc["russia_leaves"].count())
0

Two proposals on one line are compared piece by piece:

>>> comparison = mapcore.compare(plan, mapcore.measure_proposal(mapcore.load_proposal("line-as-is")))
>>> comparison.to_frame().columns.tolist()
['oblast', 'from', 'to', 'area_km2', 'low_km2', 'high_km2']

What was measured or compared shows itself: `plan.plot()` is a picture, `plan.explore()` a map that can be moved, and
`mapcore.export(plan, "plan.png")` a file. These need `pip install 'mapcore[publish]'`.

What else there is, is imported from its module, such as `mapcore.analysis.line_agreement.agreement`.
"""

import importlib.metadata

from mapcore.analysis.claims import check_claims
from mapcore.analysis.compare import Comparison, compare
from mapcore.analysis.history import change_between
from mapcore.analysis.line_agreement import spread
from mapcore.analysis.settlements import places_in
from mapcore.base.errors import MapcoreError
from mapcore.land.boundaries import load_oblasts
from mapcore.land.contact_line import Control, draw_control
from mapcore.land.provenance import Provenance
from mapcore.lines.catalogue import load_control, load_controls
from mapcore.lines.importing import About, import_file
from mapcore.measurement.areas import Measured, measure, measure_proposal
from mapcore.measurement.likely import likely_ranges
from mapcore.measurement.ranges import Range
from mapcore.measurement.zones import build_zones
from mapcore.proposals.shipped import Proposal, load_proposal, load_proposals, read_proposal
from mapcore.proposals.writer import to_toml
from mapcore.publish.on_request import export, export_overview

#: In the order of the work: read, measure, ask, pass on.
__all__ = [  # noqa: RUF022
    "About",
    "Control",
    "MapcoreError",
    "Proposal",
    "Provenance",
    "draw_control",
    "import_file",
    "load_control",
    "load_controls",
    "load_oblasts",
    "load_proposal",
    "load_proposals",
    "read_proposal",
    "Measured",
    "Range",
    "build_zones",
    "likely_ranges",
    "measure",
    "measure_proposal",
    "Comparison",
    "change_between",
    "check_claims",
    "compare",
    "places_in",
    "spread",
    "export",
    "export_overview",
    "to_toml",
]

try:
    __version__ = importlib.metadata.version("mapcore")
except importlib.metadata.PackageNotFoundError:
    __version__ = "not installed"
