"""Where the figures come from, how they are made, and what they cannot say."""

from __future__ import annotations

import html
from datetime import date

import pandas as pd
import streamlit as st

from mapcore.analysis.claims import load_claims
from mapcore.analysis.timeline import load_timeline
from mapcore.app.parts import bar, html_table, methods_frame
from mapcore.app.server import contact
from mapcore.app.session import lines
from mapcore.base.language import DEFAULT_LANGUAGE, date_text, exact_text, language, number_text, percent_text, tr
from mapcore.base.safe_text import as_plain_markdown
from mapcore.base.sources import data_version, load_sources
from mapcore.land import boundaries
from mapcore.land.contact_line import Control
from mapcore.lines.catalogue import load_stretches
from mapcore.measurement.likely import DRAWS, SEED, SHARE
from mapcore.measurement.line_displacement import CORRELATION_KM
from mapcore.present import links, wording
from mapcore.present.wording import Units
from mapcore.proposals.shipped import load_proposals, load_statuses


def draw(view: links.View, units: Units) -> None:
    """Draw the page."""
    control = lines.load(view.control)
    bar.draw(view, title=tr("Methods and sources"))
    st.markdown("\n\n".join(_about()))
    st.html(methods_frame.contents())
    methods_frame.head("questions")
    st.html(methods_frame.questions(control, units))
    methods_frame.head("held")
    st.markdown("\n\n".join(_about_law()))
    methods_frame.head("dates")
    st.markdown(_about_dates())
    methods_frame.head("line")
    st.html(
        f'<div class="prose">{"".join(f"<p>{html.escape(sentence)}</p>" for sentence in _about_line(control))}</div>'
    )
    if lines.kind(control.id) == "shipped":
        with st.expander(tr("Every vertex of the line: between which places it runs, and its source")):
            vertices = load_stretches(control.id)
            st.dataframe(pd.DataFrame(vertices.drop(columns="geometry")), hide_index=True, width="stretch")
    methods_frame.head("ranges")
    st.markdown("\n\n".join(_about_ranges(control)))
    methods_frame.head("areas")
    st.html(html_table.STYLE + html_table.as_html(_areas(units)))
    st.caption(
        tr(
            "Official areas are rounded and come from a list on Wikipedia, that of Sevastopol from mapsofworld; they "
            "count inland water and bays that the boundary file leaves out, most of all in Kherson. "
            "Populations are estimates of the State Statistics Service for the date given, before the invasion of 24 "
            "February 2022, as commonly cited; those of Donetsk and Luhansk include areas outside Kyiv's control "
            "since 2014."
        )
    )
    methods_frame.head("statuses")
    st.html(html_table.as_html(_statuses()))
    methods_frame.head("files")
    with st.expander(tr("Each file with its origin, its licence and its SHA-256 sum")):
        st.html(html_table.as_html(_files()))
    st.html(f'<p class="prose">{_by_address()}</p>')
    methods_frame.head("limits")
    st.markdown("\n".join(f"- {limit}" for limit in _limits()))
    methods_frame.head("corrections")
    st.html(methods_frame.corrections(view))
    methods_frame.head("behind")
    st.markdown("\n\n".join(_behind()))


def _about() -> list[str]:
    version = tr("**Data version** {version}; it changes when any data file changes, and every link carries it.")
    return [tr(wording.METHODS), version.format(version=f"`{data_version()}`")]


def _about_law() -> list[str]:
    resolutions = (
        (
            "68/262",
            tr(
                "27 March 2014, 100 votes to 11 with 58 abstentions: affirms Ukraine's territorial integrity within "
                "its internationally recognised borders, and asks states to recognise no change in the status of "
                "Crimea and Sevastopol."
            ),
        ),
        (
            "ES-11/1",
            tr(
                "2 March 2022, 141 votes to 5 with 35 abstentions: demands that Russia withdraw all its forces from "
                "Ukraine's territory within these borders."
            ),
        ),
        (
            "ES-11/4",
            tr(
                "12 October 2022, 143 votes to 5 with 35 abstentions: finds Russia's referendums in Donetsk, Kherson, "
                "Luhansk and Zaporizhzhia oblasts and its attempt to annex them invalid, and asks states to recognise "
                "neither."
            ),
        ),
    )
    return [
        tr(wording.LEGAL_STATUS),
        "\n".join(f"- [{number}](https://undocs.org/A/RES/{number}): {text}" for number, text in resolutions),
        tr(
            "Resolutions of the Assembly recommend; they do not bind as a treaty does. Russia claims Crimea and "
            "Sevastopol since March 2014 and the four oblasts since September 2022. The map measures control, and what "
            "a text would have recognised; it decides nothing about title."
        ),
    ]


def _about_dates() -> str:
    proposals = load_proposals()
    days: dict[str, date] = {
        "reviewed": min(proposal.reviewed_on for proposal in proposals if proposal.reviewed_on),
        "newest": max(proposal.newest_source for proposal in proposals if proposal.newest_source),
        "event": max(entry.date for entry in load_timeline()),
        "figure": max(claim.as_of for claim in load_claims()),
    }
    sentence = tr(
        "The proposals were checked against their sources on {reviewed}. The newest source of any of "
        "them is of {newest}, the last event of the timeline of {event}; published figures speak of days "
        "up to {figure}. Nothing later is included, whether it was said or happened since."
    )
    return sentence.format(**{key: date_text(day) for key, day in days.items()})


def _by_address() -> str:
    sentence = tr("Programs and charts read the same figures by address, as JSON, CSV and GeoJSON: {link}.")
    lang = "" if language() == DEFAULT_LANGUAGE else f"?lang={language()}"
    link = f'<a href="api/v1/{lang}">{html.escape(tr("Data by address"))}</a>'
    return html.escape(sentence).format(link=link)


def _about_line(control: Control) -> list[str]:
    credit = tr("Source: {source}. Licence: {licence}.")
    return [
        f"{tr(control.title)}. {tr(control.method)}",
        credit.format(source=tr(control.provenance.source), licence=tr(control.provenance.licence)),
        tr("Estimated positional error: about {error} km.").format(error=exact_text(control.provenance.error_km)),
    ]


def _about_ranges(control: Control) -> list[str]:
    outer = tr(
        "**Range** (the outer bound): the same figure with the whole line moved {error} km outwards from Russian-held "
        "land, and the same distance inwards. It asks: what if the line is off everywhere, by its full error, to the "
        "same side?"
    ).format(error=exact_text(control.provenance.error_km))
    likely = tr(
        "**Likely** range: what if it is off to one side in one place and to the other in another? "
"{draws} lines are displaced at random, with offsets correlated over about {distance} km along "
"the line; {share} of the resulting figures lie in the range. The seed is {seed}, so that the "
"same line gives the same digits. It does not include systematic errors, such as reports that "
"are all late. For a buffer its upper end can exceed the outer bound."
    ).format(
        draws=number_text(DRAWS), distance=exact_text(CORRELATION_KM), share=percent_text(SHARE), seed=SEED
    )  # fmt: skip
    return [
        tr(
            "Areas are geodesic, on the WGS 84 ellipsoid, of the full geometry; the map shows a simplified copy. "
            "Shares are of the oblast as measured here, so that the parts of an oblast add up to 100 %."
        ),
        tr(
            "Each figure has two ranges, both for the same reason: the line of contact is known only to "
            "within a few kilometres."
        ),
        f"- {outer}\n- {likely}",
        tr(
            "A figure that follows administrative borders alone has no such range; its error is that of the "
            "boundaries, in the table below. Neither range covers how a text is read, or that sources mean different "
            "things by *held*: for that, see the page on the lines of contact."
        ),
    ]


def _limits() -> list[str]:
    return [
        tr("Reports of who controls places along the line conflict; where they do, the line runs through the place."),
        tr("The texts are drafts, leaks or reported positions. Where one is silent, mapcore says *not specified*."),
        tr("A proposal's words can be read in more than one way; each page says how the map reads them."),
        tr("Boundaries are generalised for a scale of about 1:10 million and can be off by a kilometre or two."),
        tr(
            "Sources that count differently (with or without land where control is not confirmed, with or "
            "without water) give other figures for the same day."
        ),
        tr(
            "The map shows no positions, movements or losses of any army, and nothing that could tell where people are "
            "now."
        ),
        tr(
            "It does not show what a text means for those who live on the land: property, citizenship, return, "
            "courts, mines, cost. It does not forecast, and it does not say which text is better, fair or lawful."
        ),
    ]


def _behind() -> list[str]:
    known = contact.configured()
    who = (
        tr("This server is run by {publisher}.").format(publisher=as_plain_markdown(known.publisher))
        if known.publisher
        else tr("Whoever runs this server has not named themselves here.")
    )
    where = (
        tr("The link at the foot of each page reports an error in the view that it shows: {contact}.").format(
            contact=as_plain_markdown(known.mail or known.page)
        )
        if known.mail or known.page
        else tr("They have named no address for reports of errors either.")
    )
    return [
        tr(
            "The software, the readings of the texts and the figures are the mapcore project's. It takes no side on "
            "what should be agreed."
        ),
        f"{who} {where}",
    ]


def _areas(units: Units) -> pd.DataFrame:
    oblasts = boundaries.load_oblasts()
    unit = wording.unit_labels()[units]
    official, measured = oblasts["official_area_km2"], oblasts["measured_area_km2"]
    return pd.DataFrame(
        {
            tr("Unit"): oblasts["iso"].map(boundaries.oblast_names()),
            **({} if language() == "uk" else {tr("Name in Ukrainian"): oblasts["name_uk"]}),
            "ISO 3166-2": oblasts["iso"],
            tr("Official area, {unit}").format(unit=unit): official.map(lambda km2: round(wording.area(km2, units))),
            tr("Measured area, {unit}").format(unit=unit): measured.map(lambda km2: round(wording.area(km2, units))),
            tr("Measured against official, %"): ((measured / official - 1) * 100).round(1),
            tr("Population"): oblasts["population"],
            tr("As of"): oblasts["population_date"].astype(str),
        }
    )


def _statuses() -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("Status"): tr(status.label),
            tr("Held by"): wording.holder_words()[status.holder],
            tr("Recognised as"): wording.recognition_words()[status.recognised],
            tr("Military regime"): wording.regime_words()[status.regime],
            tr("Meaning"): tr(status.sentence),
        }
        for status in load_statuses().values()
    )


def _files() -> pd.DataFrame:
    return pd.DataFrame(
        {
            tr("File"): f"geo/{source.path}",
            tr("What"): tr(source.title),
            tr("Origin"): tr(source.origin),
            tr("Licence"): tr(source.licence),
            tr("Date"): source.date,
            "SHA-256": source.sha256[:12],
        }
        for source in load_sources()
    )
