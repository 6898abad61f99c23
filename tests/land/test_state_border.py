"""The line of contact does not run along the state border or the coast, whoever drew them, and pockets there stay."""

import json
from dataclasses import replace
from datetime import date
from functools import cache

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import Polygon, box
from support import drawn

from mapcore import load_control, load_proposal
from mapcore.base.geometry import polygonal
from mapcore.base.schema import AREA_CRS
from mapcore.land import boundaries
from mapcore.land.contact_line import moved
from mapcore.land.provenance import Provenance
from mapcore.land.state_border import edge_inside, front, without_misfits
from mapcore.lines.importing import About, Reading, import_bytes
from mapcore.lines.user_lines import load_user_line, save_control
from mapcore.measurement.areas import measure_proposal
from mapcore.measurement.likely import likely_ranges

KM = 1000.0


def elsewhere(shape, line, amplitude_km, *, correlation_km, seed):
    """
    Draw land anew as another publisher would: the outline wanders by up to `amplitude_km` to both sides.

    Within 3 km of the line of contact it fades out, so that the line is the same.
    """
    generator, parts = np.random.default_rng(seed), []
    for polygon in shape.geoms:
        rings = []
        for ring in (polygon.exterior, *polygon.interiors):
            corners = shapely.get_coordinates(shapely.segmentize(shapely.simplify(ring, 300), KM))[:-1]
            along = np.roll(corners, -1, axis=0) - np.roll(corners, 1, axis=0)
            across = np.column_stack([along[:, 1], -along[:, 0]]) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
            run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
            knots = generator.uniform(-1, 1, int(run[-1] / KM / correlation_km) + 3)
            off = np.interp(run, np.linspace(0, run[-1] + 1, len(knots)), knots) * amplitude_km * KM
            off *= np.clip(shapely.distance(shapely.points(corners), line) / (3 * KM), 0, 1)
            rings.append(corners + across * off[:, None])
        parts.append(shapely.make_valid(Polygon(rings[0], rings[1:])))
    return polygonal(shapely.union_all(parts))


def inside_by(shape, line, km):
    """Draw land anew that ends `km` before the border, all along it."""
    side = shapely.difference(shapely.boundary(shape), shapely.buffer(line, 500))
    return polygonal(shapely.difference(shape, shapely.buffer(side, km * KM)))


@cache
def imported(shape, **reading):
    """Return the line of a file of this land; nobody changes it, so that what is asked of it may be asked of one."""
    degrees = gpd.GeoSeries(list(shape.geoms), crs=AREA_CRS).to_crs(4326)
    said = Provenance("drawn elsewhere", error_km=load_control().provenance.error_km)
    about = About(as_of=date(2025, 12, 2), provenance=said)
    return import_bytes(degrees.to_json().encode(), "elsewhere.geojson", about=about, reading=Reading(**reading))


def ledger(control):
    measured = measure_proposal(load_proposal("us-28-point"), control=control)
    return measured.ledger, likely_ranges(measured).ledger["held_by_russia_now"]


def wide(bounds):
    return bounds.high - bounds.low


@cache
def misfit(name):
    shipped = load_control()
    kinds = {
        "wandering by 0.5 km": lambda: elsewhere(shipped.held, shipped.line, 0.5, correlation_km=5, seed=1),
        "wandering by 2 km": lambda: elsewhere(shipped.held, shipped.line, 2, correlation_km=8, seed=2),
        "wandering by 3 km": lambda: elsewhere(shipped.held, shipped.line, 3, correlation_km=8, seed=3),
        "wandering by 3 km, slowly": lambda: elsewhere(shipped.held, shipped.line, 3, correlation_km=25, seed=4),
        "inside by 2 km": lambda: inside_by(shipped.held, shipped.line, 2),
        "inside by 3 km": lambda: inside_by(shipped.held, shipped.line, 3),
    }
    return kinds[name]()


KINDS = [
    "wandering by 0.5 km", "wandering by 2 km", "wandering by 3 km", "wandering by 3 km, slowly", "inside by 2 km",
    "inside by 3 km",
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_line_drawn_elsewhere_comes_close_to_ours(name):
    ours, theirs = load_control(), imported(misfit(name))
    border = shapely.boundary(boundaries.country())
    strange = shapely.difference(theirs.line, shapely.buffer(ours.line, 2 * KM))
    along_border = shapely.intersection(strange, shapely.buffer(border, 5 * KM))
    missing = shapely.difference(ours.line, shapely.buffer(theirs.line, 3.5 * KM))
    assert along_border.length / KM < 15
    assert missing.length / KM < 15
    assert theirs.line.length == pytest.approx(ours.line.length, rel=0.03)
    (our_ledger, our_likely), (their_ledger, their_likely) = ledger(ours), ledger(theirs)
    ours_now, theirs_now = our_ledger.held_by_russia_now, their_ledger.held_by_russia_now
    assert theirs_now.value == pytest.approx(ours_now.value, rel=0.002)
    assert their_ledger.ukraine_leaves.value == pytest.approx(our_ledger.ukraine_leaves.value, rel=0.005)
    assert wide(theirs_now) == pytest.approx(wide(ours_now), rel=0.02)
    assert wide(their_likely) == pytest.approx(wide(our_likely), rel=0.1)


@pytest.mark.parametrize("oblast", ["UA-09", "UA-14", "UA-63"])
@pytest.mark.parametrize("sliver_km", [2.0, 0.0])
def test_no_front_is_drawn_along_the_state_border_of_an_oblast(oblast, sliver_km):
    """With and without slivers joined: where they stay in, the edge beside them is no line either."""
    ours, theirs = load_control(), imported(misfit("inside by 3 km"), sliver_km=sliver_km)
    shapes = boundaries.load_oblasts().set_index("iso").geometry
    border = shapely.intersection(shapely.boundary(boundaries.country()), shapely.buffer(shapes[oblast], 10))
    near = shapely.intersection(theirs.line, shapely.buffer(border, 4 * KM))
    assert shapely.difference(near, shapely.buffer(ours.line, 3.5 * KM)).length / KM < 5
    assert sliver_km > 0 or theirs.beside_border.length > ours.line.length


@pytest.mark.parametrize("line", ["2025-12-02", "2022-02-23"])
def test_shipped_lines_are_the_whole_edge(line):
    control = load_control(line)
    assert control.line.equals_exact(edge_inside(control.held, control.country), 0)
    assert control.beside_border.is_empty
    again, beside = front(control.held, control.country)
    assert again.length == pytest.approx(control.line.length, rel=0.002)
    assert beside.length / KM < 2


COUNTRY = shapely.union_all(drawn.oblasts().geometry.to_numpy())
#: The square of the country whose southern and eastern edges are border; numbers are km.
EAST = box(120, 0, 240, 60)


def front_km(held):
    return front(polygonal(shapely.intersection(drawn.scaled(held), COUNTRY)), COUNTRY)[0].length / KM


def mended_km2(published, **options):
    clipped = shapely.intersection(drawn.scaled(published), COUNTRY)
    oblasts = drawn.oblasts().geometry.to_numpy()
    return without_misfits(clipped, oblasts, country=COUNTRY, **options).land.area / 1e6


POCKETS = {
    "a pocket at the border": (box(60, 0, 70, 5), 20),
    "a pocket that stops short of our border": (box(60, 1.5, 70, 6), 20),
    "a flat pocket at the border": (box(60, 0, 64, 2), 8),
    "a pocket in a corner of the country": (box(0, 0, 4, 4), 8),
    "a pocket with a crack from our border into it": (
        box(60, 0, 70, 5) - Polygon([(64, 0), (64.6, 0), (67.2, 3), (66.4, 3.2)]),
        20,
    ),
    "a pocket at the border with a deep bay": (box(60, 0, 70, 9) - box(63, 0, 65.5, 7), 44.5),
    "two pockets with wide land between": (box(20, 0, 30, 5) | box(60, 1, 70, 5), 40),
}


@pytest.mark.parametrize(("held", "edge_km"), POCKETS.values(), ids=POCKETS)
def test_pockets_at_the_border_keep_their_front(held, edge_km):
    """The front is their edge towards the country; one that stops short loses the edge towards the border."""
    assert front_km(held) == pytest.approx(edge_km, rel=0.2)


def test_the_front_goes_on_to_the_border_and_not_along_it():
    whole, short = EAST, box(122, 2, 238, 60)
    assert front_km(whole) == pytest.approx(60, abs=0.1)
    assert front_km(short & box(122, 0, 240, 60)) == pytest.approx(60, abs=6)
    assert front_km(box(120, 3, 237, 57)) == pytest.approx(60, abs=8)


def test_a_wedge_between_border_and_front_stays_and_so_does_a_bridgehead_at_the_coast():
    wedge = Polygon([(120, 0), (240, 0), (240, 60), (135, 60)])
    assert mended_km2(wedge) == pytest.approx(wedge.area, rel=0.001)
    slanting = Polygon([(120, 0), (240, 30), (240, 60), (120, 60)])
    assert front_km(slanting) == pytest.approx(60 + slanting.length - 60 - 120 - 30, rel=0.03)
    coast = EAST - box(200, 0, 203, 3)
    assert mended_km2(coast) == pytest.approx(coast.area, rel=0.0005)


def test_a_pocket_that_a_file_of_ukrainian_land_leaves_out_stays_held():
    """The file's gap may be land held by Russia at the state border, such as those of Sumy."""
    ukraine = box(0, 0, 240, 120) - box(60, 0, 70, 4)
    assert mended_km2(ukraine, only_long=True) == pytest.approx(COUNTRY.area / 1e6 - 40, abs=1)
    assert mended_km2(ukraine) == pytest.approx(COUNTRY.area / 1e6, abs=1)


def test_what_is_beside_the_border_stays_when_the_line_is_moved():
    shape = misfit("inside by 2 km")
    raw = imported(shape, sliver_km=0)
    assert raw.beside_border.length > raw.line.length
    for by_km in (-2, 2):
        assert moved(raw, by_km=by_km).line.length < 1.2 * raw.line.length


@pytest.mark.usefixtures("home")
def test_a_line_that_was_kept_is_the_same_line_again():
    control = replace(imported(misfit("wandering by 3 km")), id="elsewhere")
    save_control(control)
    again = load_user_line("elsewhere")
    assert again.line.equals_exact(control.line, 1e-6)
    assert json.loads(shapely.to_geojson(again.beside_border)) == json.loads(shapely.to_geojson(control.beside_border))
