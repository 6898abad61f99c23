"""What pages are made of: their style, the legend, the ledger, details of a zone, the copy button, sliders."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from mapcore.base import memory
from mapcore.base.language import percent_text, tr
from mapcore.base.sources import data_version
from mapcore.land import boundaries
from mapcore.land.contact_line import Control, hold_pieces
from mapcore.measure.areas import Measured
from mapcore.measure.ranges import Range
from mapcore.present import wording
from mapcore.present.difference_classes import Style
from mapcore.present.wording import Units
from mapcore.proposals.shipped import Clause, Parameter, Status, load_statuses

STYLE = """<style>
.masthead{font-size:.95rem;margin:0}.masthead b{font-family:Georgia,serif;font-size:1.15rem;margin-right:.5rem}
.block-container{padding-top:1.1rem;padding-bottom:3rem;max-width:1380px}
h1{font-size:2rem!important;line-height:1.15!important;padding:.2rem 0 .1rem!important}
h2{font-size:1.1rem!important}h3{font-size:1rem!important}
.stHtml h2{margin:1em 0}[data-testid=stHeading] h2{padding:.75rem 0 1rem;font-weight:600;line-height:1.2}
.prose{font-size:.95rem;line-height:1.5;max-width:62em}.prose p,.prose ul{margin:.3rem 0 .6rem}
.prose h3,.prose.small h2{margin:.8rem 0 0;font-size:inherit!important}.prose a,.details a{color:inherit}
.prose.small{font-size:.82rem}.prose.small ul{padding-left:1rem}
.deck{font-size:1.05rem;line-height:1.45;max-width:62em;margin:0}
.meta{font-size:.86rem;opacity:.78;margin:.15rem 0 .2rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.88rem;line-height:1.6;margin-top:.1rem}
.legend span{white-space:nowrap}
.swatch{display:inline-block;width:1.05em;height:1.05em;vertical-align:-.17em;margin-right:.4em;
border:1px solid #8a8a86}
.rule.border{border-top-style:dashed!important}
.st-key-tour{width:max-content!important}
[data-tour]{outline:3px solid currentColor;outline-offset:4px}
.help{font-size:.86rem;line-height:1.45;max-width:62em}.help summary{cursor:pointer;padding:.2rem 0;width:max-content}
.help dl{margin:.1rem 0!important;padding:0!important}.help dt{font-weight:600}
.help dl dt,.help dl dd{font-size:.86rem;line-height:1.45}
.help dd{margin:0 0 .3rem 1.45em!important}
.help p{margin:.1rem 0 .3rem!important;font-size:inherit}
.stApp :focus-visible,.stApp label:has(input:focus-visible){outline:3px solid #2f5d7c!important;outline-offset:2px;
outline-color:light-dark(#2f5d7c,#8fb8d6)!important}
.stApp label :focus-visible{outline:0!important}[data-testid=stMain]:focus-visible{outline-offset:-3px}
@media (prefers-reduced-motion:reduce){*,*::before,*::after{animation-duration:.01ms!important;
animation-iteration-count:1!important;transition-duration:.01ms!important;scroll-behavior:auto!important}}
.rule{display:inline-block;width:1.6em;vertical-align:.28em;margin-right:.4em;border-top:solid currentColor}
.ledger{margin:0;padding:0!important;display:grid;grid-template-columns:1fr;gap:.1rem}
.ledger div{border-top:1px solid color-mix(in srgb,currentColor 22%,transparent);padding:.42rem 0 .46rem}
.ledger dt{font-size:.86rem;opacity:.85}
.ledger dd{margin:0;font-size:1.42rem;line-height:1.2;font-variant-numeric:tabular-nums;font-weight:600}
.ledger dd small{display:block;font-size:.8rem;font-weight:400;opacity:.78;line-height:1.35}
.ledger .first{border-top-width:2px;border-top-color:currentColor}
.details{font-size:.92rem;line-height:1.5;margin:0;border-left:4px solid var(--zone,#888);padding-left:.7rem}
.details b{font-size:1rem}
.details dl{display:grid;grid-template-columns:auto 1fr;gap:0 .8rem;margin:.2rem 0;padding:0!important}
.details dt{opacity:.75}.details dd{margin:0}
.st-key-below{margin-top:-.4rem}.st-key-speaking{display:none}
.st-key-masthead{flex-wrap:nowrap!important;margin-bottom:-.5rem}.st-key-lang,.st-key-tour{flex:none!important}
@media (max-width:640px){
.masthead span{display:none}.st-key-header{gap:.5rem!important}.st-key-control{max-width:200px!important}
.st-key-proposal [role=radiogroup],.st-key-proposal [data-testid=stButtonGroup]>div{flex-wrap:nowrap!important;
overflow-x:auto;scrollbar-width:none}
.st-key-proposal button{flex:none!important}
.deck{font-size:.97rem}.meta{font-size:.8rem}
iframe[title="streamlit_folium.st_folium"]{height:340px!important}
.ledger{grid-template-columns:1fr 1fr;column-gap:1rem}
h1{font-size:1.55rem!important}.block-container{padding-left:.8rem;padding-right:.8rem}
}
</style>"""

#: How a page comes out of a printer.
PRINT_STYLE: Final = (
    f"<style>{(Path(__file__).parents[2] / 'web' / 'page_print.css').read_text(encoding='utf-8')}</style>"
)

_COPY_SCRIPT = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const told = parentElement.querySelector("span");
  button.textContent = data.label;
  button.onclick = async () => {
    const address = new URL(window.location.href);
    address.searchParams.set("v", data.version);
    try {
      await navigator.clipboard.writeText(address.href);
    } catch (refused) {
      const field = document.createElement("textarea");
      field.value = address.href;
      parentElement.appendChild(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    told.textContent = data.done;
    setTimeout(() => { told.textContent = ""; }, 2500);
  };
}
"""
_COPY_STYLE = """
button{font:inherit;font-size:.875rem;padding:.32rem .7rem;border-radius:.25rem;cursor:pointer;
color:var(--st-text-color);background:var(--st-background-color);border:1px solid var(--st-border-color)}
button:focus-visible{outline:3px solid var(--st-primary-color);outline-offset:2px}
button:hover,button:focus-visible{border-color:var(--st-primary-color);color:var(--st-primary-color)}
span{font-size:.85rem;margin-left:.5rem;color:var(--st-text-color)}
"""
_copy = st.components.v2.component(
    "mapcore_copy_link",
    html='<button type="button"></button><span role="status"></span>',
    css=_COPY_STYLE,
    js=_COPY_SCRIPT,
)


def copy_button(version: str) -> None:
    """Draw a button that copies the page's address, which holds every choice, with the data version."""
    _copy(key="copy_link", data={"version": version, "label": tr("Copy link"), "done": tr("Link copied")})


def below_map() -> None:
    """Draw what stands under a page's maps: the copy button, and the switch of the background tiles."""
    with st.container(horizontal=True, vertical_alignment="center", key="below"):
        copy_button(data_version())
        st.toggle(tr("Background tiles"), key="tiles", help=tr("From OpenStreetMap. The map needs none."))


def sliders(parameters: Mapping[str, Parameter], values: Mapping[str, float]) -> None:
    """Draw a slider for each parameter; its key is the parameter's name, so that pages and proposals share it."""
    for name, parameter in parameters.items():
        st.session_state.setdefault(name, values.get(name, parameter.default))
        limits = (float(parameter.min), float(parameter.max))
        label = f"{tr(parameter.label)}, {tr(parameter.unit)}"
        st.slider(label, *limits, step=float(parameter.step), format="%g", key=name)


def is_dark() -> bool:
    """Whether the viewer's theme is dark."""
    return st.context.theme.type == "dark"


def fill(status: Status | Style, *, dark: bool) -> str:
    """Return the colour or hatch of a status, or of a class of change, as a CSS background."""
    colour = status.colour_dark if dark else status.colour
    return f"repeating-linear-gradient(135deg,{colour} 0 3px,{colour}48 3px 7px)" if status.hatch else colour


def swatch(status: Status | Style, *, dark: bool) -> str:
    """Return the legend's small square of a status."""
    return f'<i class="swatch" style="background:{fill(status, dark=dark)}"></i>'


def linked(text: str, url: str) -> str:
    """Return escaped text with a link to its source after it."""
    words = html.escape(tr("source"))
    return f'{html.escape(text)} <a href="{html.escape(url)}" target="_blank" rel="noopener">{words}</a>'


def legend(measured: Measured) -> str:
    """Return the legend of the zones that the map shows, and of its lines."""
    dark = is_dark()
    present = set(measured.zones["status"])
    items = [
        f"<span>{swatch(status, dark=dark)}{html.escape(tr(status.label))}</span>"
        for status in load_statuses().values()
        if status.id in present
    ]
    lines = (("rule", "3.5px", tr("Line of contact")), ("rule border", "1.5px", tr("Recognised border of Ukraine")))
    items += [
        f'<span><i class="{kind}" style="border-width:{width}"></i>{html.escape(words)}</span>'
        for kind, width, words in lines
    ]
    return f'<div class="legend">{"".join(items)}</div>'


def _entry(label: str, figure: str, small: str = "", first: bool = False) -> str:  # noqa: FBT001, FBT002
    below = f"<small>{html.escape(small)}</small>" if small else ""
    kind = ' class="first"' if first else ""
    return f"<div{kind}><dt>{html.escape(label)}</dt><dd>{html.escape(figure)}{below}</dd></div>"


def ledger(measured: Measured, units: Units, *, likely: Mapping[str, Range] | None = None) -> str:
    """Return the ledger: each sum with its ranges, the likely ones when given, and what the text leaves open."""
    entries = []
    for key, (label, meaning) in wording.ledger_words().items():
        shown, beside = wording.ledger_text(measured, key, units, likely=(likely or {}).get(key))
        entries.append(_entry(label, shown, f"{beside} {meaning}".strip(), first=key == "held_by_russia_now"))
    return f'<dl class="ledger">{"".join(entries)}</dl>'


def _row_details(row: Any, status: Status, clause: Clause | None, units: Units, *, dark: bool) -> str:
    facts = {
        tr("Area"): wording.area_text(row.area_km2, units),
        tr("Range"): wording.range_text(Range.of(row), units),
        tr("Share of oblast"): percent_text(row.share_of_oblast, 1),
        tr("Held now by"): wording.holder_words()[row.held_by],
        tr("Held under this text by"): wording.holder_words()[status.holder],
        tr("Recognised as"): wording.recognition_words()[status.recognised],
        tr("Military regime"): wording.regime_words()[status.regime],
    }
    listed = "".join(f"<dt>{html.escape(key)}</dt><dd>{html.escape(text)}</dd>" for key, text in facts.items())
    passage = ""
    if clause:
        head = html.escape(tr("Clause {id}").format(id=wording.clause_name(clause.id)))
        passage = f"<div>{head}: {linked(tr(clause.text), clause.source)}</div>"
    colour = status.colour_dark if dark else status.colour
    return (
        f'<div class="details" style="--zone:{colour}"><b>{html.escape(tr(status.label))}</b>'
        f"<div>{html.escape(tr(status.sentence))}</div><dl>{listed}</dl>{passage}</div>"
    )


def zone_details(measured: Measured, zone: str, units: Units) -> str:
    """Return the details of a piece of land: one block per status that the proposal gives it."""
    oblast, _, holder = zone.partition(".")
    rows = measured.zones[(measured.zones["oblast"] == oblast) & (measured.zones["held_by"] == holder)]
    statuses = load_statuses()
    blocks = [
        _row_details(row, statuses[row.status], measured.proposal.clause(row.clause), units, dark=is_dark())
        for row in rows.itertuples()
    ]
    return "".join(blocks)


@memory.kept(maxsize=16)
def land_pieces(control: Control) -> tuple[tuple[str, str], ...]:
    """Return the pieces of land on a line, before any proposal: each oblast and holder."""
    return tuple(hold_pieces(control).keys)


def zone_name(zone: str) -> str:
    """Return a piece of land in words, such as ``Donetsk, held now by Ukraine``."""
    oblast, _, holder = zone.partition(".")
    words = tr("{oblast}, held now by {holder}")
    return words.format(oblast=boundaries.oblast_names()[oblast], holder=wording.holder_words()[holder])
