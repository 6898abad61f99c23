"""What is remembered, for everybody and for one visitor: nobody changes it for others, and it goes with the visitor."""

from __future__ import annotations

import copy
import gc
import pickle
import re
import sys
import threading
import weakref
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import mapcore
from mapcore.analysis import history
from mapcore.analysis.claims import load_claims
from mapcore.analysis.compare import display_changes, sum_changes
from mapcore.analysis.history import held_over_time
from mapcore.analysis.known_areas import load_known_areas
from mapcore.analysis.line_agreement import agreement, disagreement
from mapcore.analysis.quantities import quantities
from mapcore.analysis.settlements import load_places, moved_places
from mapcore.analysis.timeline import load_timeline
from mapcore.base import memory, shelves
from mapcore.base.memory import Memory, kept, shared, working_for
from mapcore.base.shelves import Budget
from mapcore.base.weight import weight
from mapcore.land import boundaries, cut
from mapcore.land.cut import split_by_holder
from mapcore.lines import catalogue
from mapcore.lines.catalogue import list_controls
from mapcore.measurement import areas, line_displacement, zones
from mapcore.measurement.likely import likely_ranges
from mapcore.outside.download_terms import load_archives
from mapcore.present import map_geometry, matrix, tooltips, wording
from mapcore.proposals import viewer
from mapcore.proposals.shipped import load_statuses
from mapcore.publish import tables_out


def default(name="donetsk-narrow-buffer"):
    return mapcore.measure_proposal(mapcore.load_proposal(name))


def lines():
    return [(date(2022, 2, 23), mapcore.load_control("2022-02-23")), (date(2025, 12, 2), mapcore.load_control())]


#: Everything that hands out a value that could be changed.
ASKED = {
    "load_oblasts": mapcore.load_oblasts,
    "load_places": load_places,
    "load_proposal": lambda: mapcore.load_proposal("donetsk-narrow-buffer"),
    "load_proposals": mapcore.load_proposals,
    "load_known_areas": load_known_areas,
    "load_statuses": lambda: dict(load_statuses()),
    "load_timeline": load_timeline,
    "load_claims": load_claims,
    "load_archives": load_archives,
    "load_control": mapcore.load_control,
    "load_controls": mapcore.load_controls,
    "list_controls": list_controls,
    "quantities": quantities,
    "measure_proposal": default,
    "build_zones": lambda: mapcore.build_zones(mapcore.load_proposal("us-28-point")),
    "split_by_holder": lambda: split_by_holder(mapcore.load_control()),
    "places_in": lambda: mapcore.places_in(default()),
    "moved_places": lambda: moved_places(default()),
    "compare": lambda: mapcore.compare(default(), default("us-28-point")),
    "display_changes": lambda: display_changes(mapcore.compare(default(), default("us-28-point"))),
    "disagreement": lambda: disagreement(*(line for _, line in lines())),
    "agreement": lambda: agreement([line for _, line in lines()]),
    "spread": lambda: mapcore.spread(mapcore.load_proposal("line-as-is"), [line for _, line in lines()]),
    "held_over_time": lambda: held_over_time(lines()),
    "change_between": lambda: history.change_between(*(line for _, line in lines())),
    "check_claims": mapcore.check_claims,
    "build_matrix": lambda: matrix.build_matrix([default()]),
    "likely_ranges": lambda: likely_ranges(default("line-as-is"), draws=50),
    "oblast_names": boundaries.oblast_names,
    "holder_words": wording.holder_words,
    "ledger_words": wording.ledger_words,
    "base_content": map_geometry.base_content,
    "zone_shapes": lambda: map_geometry.zone_shapes(default()),
    "zone_words": lambda: tooltips.zone_words(default(), units="km2"),
    "display_zones": lambda: zones.display_zones(default().zones),
    "load_stretches": catalogue.load_stretches,
    "hold_pieces": lambda: cut.hold_pieces(mapcore.load_control()),
    "sum_changes": lambda: sum_changes(mapcore.compare(default(), default("us-28-point"))),
    "left_open_km2": lambda: areas.left_open_km2(default("line-as-is")),
    "zone_rows": lambda: tables_out.zone_rows(default(), "km2"),
}


def spoil_frame(frame):
    """Change every cell of a frame, and its shapes."""
    if isinstance(frame, gpd.GeoDataFrame) and len(frame):
        frame.geometry.array[0] = shapely.Point(0, 0)
    for name in [one for one in frame.columns if one != "geometry"]:
        frame[name] = 0


def spoil(value):
    """Change everything in a value that can be changed; what refuses is as good."""
    if isinstance(value, pd.DataFrame):
        spoil_frame(value)
    elif isinstance(value, np.ndarray) and value.flags.writeable:
        value[:] = None if value.dtype == object else 0
    elif isinstance(value, dict | list | tuple | set):
        for one in list(value.values() if isinstance(value, dict) else value):
            spoil(one)
        if not isinstance(value, tuple):
            value.clear()
    elif is_dataclass(value):
        for field in fields(value):
            spoil(getattr(value, field.name))


def told(value):
    """Return all that a value says, to compare."""
    if isinstance(value, pd.DataFrame):
        return {name: told(list(value[name])) for name in value.columns}
    if isinstance(value, np.ndarray):
        return told(value.tolist())
    if isinstance(value, dict):
        return {key: told(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [told(one) for one in value]
    if is_dataclass(value):
        return {field.name: told(getattr(value, field.name)) for field in fields(value)}
    return value.wkb if isinstance(value, shapely.Geometry) else repr(value)


@pytest.mark.parametrize("name", ASKED)
def test_who_changes_what_they_were_given_changes_nothing_for_the_next(name):
    before = told(ASKED[name]())
    spoil(ASKED[name]())
    assert told(ASKED[name]()) == before


def test_every_public_function_without_arguments_is_among_them():
    functions = {name for name in mapcore.__all__ if name.startswith(("load_", "list_", "quantities"))}
    assert functions <= set(ASKED)


def test_nothing_else_keeps_answers():
    """Another cache would keep what belongs to a visitor beyond their session, and hand it out as it is."""
    other = re.compile(r"\blru_cache\b|import.*\bcache\b|@cache\b|cache_(data|resource)")
    modules = list(Path(mapcore.__path__[0]).rglob("*.py"))
    assert len(modules) > 100
    assert [path for path in modules if other.search(path.read_text(encoding="utf-8"))] == []


def theirs(by_km=3.0):
    """Return a visitor's memory, and a line that is theirs."""
    found = Memory()
    line = mapcore.land.contact_line.moved(mapcore.load_control(), by_km=by_km)
    held, edge = (shapely.set_precision(shape, 1e-5) for shape in (line.held, line.line))
    return found, replace(line, id=f"session-{by_km}", held=held, line=edge, memory=found)


def test_what_is_made_of_a_visitors_line_goes_with_it():
    found, line = theirs()
    measured = mapcore.measure_proposal(mapcore.load_proposal("line-as-is"), control=line)
    other = mapcore.measure_proposal(mapcore.load_proposal("us-28-point"), control=line)
    comparison = mapcore.compare(measured, other)
    assert mapcore.measure_proposal(mapcore.load_proposal("line-as-is"), control=line) is measured
    assert mapcore.compare(measured, other) is comparison
    assert (measured.memory, comparison.memory) == (found, found)
    ranges = likely_ranges(measured, draws=20)
    mapcore.check_claims(control=line)
    mapcore.places_in(other)
    disagreement(line, mapcore.load_control())
    left = [weakref.ref(one) for one in (found, line, measured, other, comparison, ranges, line.held, line.line)]
    del found, line, measured, other, comparison, ranges
    gc.collect()
    assert [one() for one in left] == [None] * len(left)


def test_shapes_are_remembered_for_the_one_whose_line_they_are_of():
    _, line = theirs(2.0)
    areas = mapcore.base.geometry._projected_area_km2.shelf
    before = len(areas)
    mapcore.measure_proposal(mapcore.load_proposal("line-as-is"), control=line)
    assert len(areas) == before


def test_what_follows_from_a_shipped_line_alone_is_remembered_once_for_all_visitors():
    memory.forget(line_displacement.draw_offsets)
    packed = viewer.pack(viewer.start_from(mapcore.load_proposal("line-as-is"), date(2026, 1, 2)))
    everybody, visitors = line_displacement.draw_offsets.shelf, (Memory(), Memory())
    for visitor in visitors:
        with working_for(visitor):
            likely_ranges(mapcore.measure_proposal(viewer.unpack(packed)), draws=30)
    assert len(everybody) == 1
    assert [len(visitor.beside(everybody)) for visitor in visitors] == [0, 0]


def test_two_visitors_with_one_proposal_have_one_each():
    packed = viewer.pack(viewer.start_from(mapcore.load_proposal("us-28-point"), date(2026, 1, 1)))
    first, second = Memory(), Memory()
    given = []
    for visitor in (first, second, first):
        with working_for(visitor):
            given.append(viewer.unpack(packed))
    assert given[0] is given[2]
    assert given[0] is not given[1]
    assert [one.memory for one in given] == [first, second, first]
    assert mapcore.measure_proposal(given[0]) is mapcore.measure_proposal(given[2])
    assert mapcore.measure_proposal(given[0]) is not mapcore.measure_proposal(given[1])
    assert viewer.unpack(packed).memory is None


def test_a_memory_stays_in_its_process():
    _, line = theirs(1.0)
    assert pickle.loads(pickle.dumps(line)).memory is None  # noqa: S301, our own bytes
    assert copy.deepcopy(line).memory is None


def test_a_shelf_forgets_what_was_asked_for_longest_ago():
    asked = []

    @kept(maxsize=2)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(one) for one in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert asked == [1, 2, 3, 2]
    memory.forget(double)
    assert double(1) == 2
    assert asked == [1, 2, 3, 2, 1]


@pytest.fixture
def budget(monkeypatch):
    """A budget of its own for what is kept within the test."""
    own = Budget(2_000_000)
    monkeypatch.setattr(shelves, "BUDGET", own)
    return own


def test_all_shelves_have_one_budget_and_what_was_asked_for_longest_ago_goes_first(budget):
    asked = []

    def of(name, size):
        @kept(maxsize=100)
        def answer(number: int) -> bytes:
            asked.append((name, number))
            return bytes(size)

        return answer

    large, small = of("large", 190_000), of("small", 1_000)
    mine = Memory()
    small(0)
    for number in range(9):
        large(number)
    with working_for(mine):
        large(100)
    small(0)
    assert 1_900_000 < budget.held() < 2_000_000
    large(9)
    assert budget.held() <= 0.9 * 2_000_000 + 190_000
    asked.clear()
    large(9)
    small(0)
    with working_for(mine):
        large(100)
    assert asked == []
    large(0)
    assert asked == [("large", 0)]
    before = budget.held()
    del mine
    gc.collect()
    assert before - budget.held() == sys.getsizeof(bytes(190_000))


def test_a_shelf_counts_how_its_answers_have_grown_and_has_a_bound_of_its_own(budget):
    growing = shelves.Shelf(100, most_bytes=1_000, weigh=lambda key, answer: len(key) + len(answer))
    first, second = bytearray(400), bytearray(400)
    assert growing.put("1", first) is first
    assert growing.put("1", bytearray(9)) is first
    growing.put("2", second)
    assert growing.size == budget.held() == 802
    first.extend(bytes(400))
    assert growing.size == budget.held() == 1_202
    growing.find("1", None)
    growing.put("3", bytearray(10))
    assert [growing.find(key, None) for key in ("1", "2")] == [first, None]
    growing.put("4", bytearray(2_000))
    assert len(growing) == 1
    large = growing.find("4", None)
    assert len(large) == 2_000
    other = shelves.Shelf(100)
    other.put("5", bytes(500_000))
    large.extend(bytes(1_600_000))
    other.put("6", bytes(100_000))
    assert growing.find("4", None) is None
    assert len(other) == 2


def test_what_others_put_while_one_makes_room_is_within_the_budget_too(budget, monkeypatch):
    shelf, make_room, others = shelves.Shelf(1_000), budget._make_room, []

    def fill():
        for number in range(400):
            shelf.put(number, bytes(20_000))

    def put_aside():
        make_room()
        if not others:
            others.append(threading.Thread(target=fill))
            others[0].start()
            others[0].join()

    monkeypatch.setattr(budget, "_make_room", put_aside)
    for name in ("first", "second"):
        shelf.put(name, bytes(20_000))
    assert others
    assert budget.held() <= 2_000_000 * (1 + 1 / 64)


def test_shelves_that_threads_fill_at_once_keep_within_the_budget(budget):
    shelf, growing = shelves.Shelf(1_000), shelves.Shelf(1_000, weigh=lambda _, answer: len(answer))

    def fill(begin):
        for number in range(begin, begin + 200):
            shelf.put(number % 250, bytes(20_000))
            growing.put(number % 250, bytes(20_000))
            growing.find(number % 7, None)

    threads = [threading.Thread(target=fill, args=(begin,)) for begin in (0, 50, 100, 150)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for one in (shelf, growing):
        assert one.size == sum(size for _, size in one.sizes()) > 0
    assert budget.held() <= 2_000_000 * (1 + 1 / 64) + 4 * 20_000


def test_sessions_hold_half_of_the_budget_at_most(budget):
    first, second = Memory(), Memory()
    budget.watch_session(first)
    budget.watch_session(second)
    assert budget.has_room(first, 1_000_000)
    first.holds = 900_000
    assert budget.held() == 900_000
    assert budget.has_room(first, 1_000_000)
    assert not budget.has_room(second, 200_000)
    del first
    gc.collect()
    assert budget.has_room(second, 200_000)


def test_a_value_weighs_what_it_takes_and_not_what_is_kept_elsewhere():
    plan = default("us-28-point")
    shapes = [shape for variant in plan.variants for shape in variant.geometry] + list(plan.zones.geometry)
    coordinates = 16 * shapely.get_num_coordinates(shapes).sum()
    assert coordinates < weight(plan) < 1.3 * coordinates
    assert weight((plan, plan.control, plan.proposal)) < 1000
    assert weight(np.zeros((100, 10))) == 8000
    assert weight(pd.DataFrame({"weight": [1.0] * 1000})) >= 8000
    assert weight({"a": ["x" * 5000]}) > 5000


def test_threads_that_ask_at_once_are_given_one_value():
    together = threading.Barrier(4)

    @shared
    def found() -> frozenset[object]:
        together.wait(10)
        return frozenset([object()])

    given = []
    threads = [threading.Thread(target=lambda: given.append(found())) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(given) == 4
    assert all(one is given[0] for one in given)
