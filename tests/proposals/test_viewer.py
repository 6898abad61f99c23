"""Drawn outlines, proposals written back, a viewer's own proposal in a link, and the edits that make it."""

import base64
import json
import math
import zlib
from dataclasses import asdict, replace
from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box
from support import drawn
from support.zones import areas, assert_tiles

from mapcore import build_zones, load_oblasts, load_proposal, load_proposals, measure, read_proposal
from mapcore.base.errors import ProposalError
from mapcore.base.schema import UNITS
from mapcore.base.sources import data_version
from mapcore.cli import main
from mapcore.land.contact_line import moved
from mapcore.lines.catalogue import load_control
from mapcore.present import links
from mapcore.proposals import edits, viewer
from mapcore.proposals.model import Rule, Term
from mapcore.proposals.outlines import DRAWN_BOUNDS, MAX_POINTS, check_ring
from mapcore.proposals.reader import read_proposal_text
from mapcore.proposals.shipped import load_statuses
from mapcore.proposals.writer import to_toml

DAY = date(2025, 12, 12)
HEAD = 'id = "mine"\ntitle = "Mine"\nby = "Me"\ndate = 2025-11-20\norder = 90\nsummary = "A summary."\n'
SQUARE = ((33.0, 47.0), (36.0, 47.0), (36.0, 49.0), (33.0, 49.0), (33.0, 47.0))
WEST, SOUTH, EAST, NORTH = DRAWN_BOUNDS


def ruled(*rules):
    return replace(viewer.blank(DAY), rules=rules)


def rule(status, **where):
    return replace(drawn.rule(status), clause="", **where)


def in_degrees(x_km, y_km):
    point = drawn.frame({"p": shapely.Point(x_km * 1000, y_km * 1000)}).to_crs("EPSG:4326").geometry.item()
    return round(point.x, 5), round(point.y, 5)


# Outlines


def test_a_drawn_zone_takes_what_lies_in_it_and_nothing_else():
    """
    A square of 40 km over the corner of UA-14 and UA-09, of which only what Ukraine holds is taken.

        +-----------+
        |           |
        +-------****+****-------+
        |   u   *z z*r r*  r    |
        +-------****+****-------+
    """
    corners = [in_degrees(*corner) for corner in ((80, 20), (160, 20), (160, 40), (80, 40), (80, 20))]
    plan = drawn.proposal(replace(drawn.rule("special_zone", held_by="ukraine"), inside=(tuple(corners),)))
    zones = build_zones(plan, oblasts=drawn.oblasts(), control=drawn.control(box(120, -10, 250, 70)))
    found = areas(zones, "oblast", "held_by", "status")
    assert found["UA-14", "ukraine", "special_zone"] == pytest.approx(40 * 20, rel=1e-3)
    assert found["UA-09", "russia", "open"] == pytest.approx(120 * 60)
    assert_tiles(zones, drawn.oblasts())


def test_an_outline_and_a_distance_limit_each_other():
    plan = ruled(rule("special_zone", inside=(SQUARE,)))
    near = ruled(rule("special_zone", inside=(SQUARE,), within_km=10.0))
    wide = ruled(rule("special_zone", within_km=10.0))
    sizes = [
        zones[zones["status"] == "special_zone"].union_all()
        for zones in (build_zones(one) for one in (plan, near, wide))
    ]
    assert sizes[1].area == pytest.approx(sizes[0].intersection(sizes[2]).area, rel=1e-6)
    assert 0 < sizes[1].area < min(sizes[0].area, sizes[2].area)


@st.composite
def rings(draw):
    """An outline around a middle, its corners in order of their direction, anywhere that is allowed."""
    lon, lat = draw(st.floats(WEST + 3, EAST - 3)), draw(st.floats(SOUTH + 2, NORTH - 2))
    reach = draw(st.lists(st.floats(0.05, 1.0), min_size=3, max_size=9))
    turn = [shapely.affinity.rotate(shapely.Point(lon + 2.5 * r, lat), 360 * i / len(reach), origin=(lon, lat))
            for i, r in enumerate(reach)]  # fmt: skip
    points = [(round(point.x, 5), round(min(max(point.y, SOUTH), NORTH), 5)) for point in turn]
    return (*points, points[0])


@st.composite
def rules(draw):
    return Rule(
        status=draw(st.sampled_from(sorted(load_statuses()))),
        clause="",
        oblasts=draw(st.none() | st.lists(st.sampled_from(sorted(UNITS)), min_size=1, unique=True).map(tuple)),
        held_by=draw(st.sampled_from([None, "ukraine", "russia"])),
        within_km=draw(st.none() | st.sampled_from([5.0, 10.0, 40.0]) | st.floats(1, 200)),
        note="",
        inside=draw(st.none() | st.lists(rings(), min_size=1, max_size=2).map(tuple)),
    )


def is_drawable(one):
    try:
        for ring in one.inside or ():
            check_ring([list(point) for point in ring], name="ring")
    except ProposalError:
        return False
    return one.oblasts or one.held_by or one.within_km or one.inside


@settings(max_examples=25, deadline=None)
@given(st.lists(rules().filter(is_drawable), min_size=1, max_size=3), st.sampled_from([-2.0, 0.0, 2.0]))
def test_zones_with_drawn_outlines_tile_the_country(found, by_km):
    zones = build_zones(ruled(*found), control=moved(load_control(), by_km=by_km))
    assert_tiles(zones, load_oblasts())


@settings(max_examples=20, deadline=None)
@given(rings().filter(lambda ring: is_drawable(rule("open", inside=(ring,)))))
def test_an_outline_and_its_outside_share_their_vertices(ring):
    zones = build_zones(ruled(rule("special_zone", inside=(ring,)), rule("claimed", within_km=40.0)))
    assert shapely.coverage_is_valid(zones.geometry.to_numpy())


def test_areas_add_up_where_many_outlines_cross():
    """Slivers of less than a millimetre come out of such crossings; none may turn the area of its zone around."""
    rules = []
    for turn in range(15):
        corners = []
        for index in range(38):
            angle = 2 * math.pi * index / 38 + turn * 0.01
            reach = (5, 3.5) if index % 2 else (1 + turn * 0.01, 0.7 + turn * 0.01)
            corners.append(
                (
                    round(34.5 + reach[0] * math.cos(angle), 5),
                    round(48.5 + reach[1] * math.sin(angle), 5),
                )
            )
        rules.append(rule("special_zone" if turn % 2 else "buffer", inside=((*corners, corners[0]),)))
    zones = build_zones(ruled(*rules))
    assert_tiles(zones, load_oblasts())
    assert measure(zones)["area_km2"].sum() == pytest.approx(load_oblasts()["measured_area_km2"].sum(), rel=1e-6)


def outline(text):
    return HEAD + f'[[zones]]\nstatus = "open"\nwhere = {{ inside = {text} }}\n'


ROUND = [[30 + i / 1000, 48.0] for i in range(MAX_POINTS)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3", r"zones\[0\]\.where\.inside: is not a list of points; write \[\[longitude, latitude\]"),
        ("[]", r"inside: is not a list of points"),
        ("[[30, 48], [31, 48], 3]", r"inside: is not a list of points"),
        ("[[30, 48], [31, true], [30, 48]]", r"inside: is not a list of points"),
        ("[[30, 48], [31, nan], [30, 48]]", r"inside: is not a list of points"),
        ('[["a", 48], ["b", 3], ["a", 48]]', r"inside\[0\]: is not a list of points"),
        (f"[[30, 48], [{10**400}, 4], [30, 48]]", r"inside: is not a list of points"),
        ("[[30, 48], [31, 48], [31, 49]]", r"inside: is not closed; repeat its first point at the end"),
        ("[[30, 48], [31, 48], [30, 48]]", r"inside: has fewer than three points; add one"),
        ("[[30, 48], [31, 49], [31, 48], [30, 49], [30, 48]]", r"inside: crosses or touches itself; move its points"),
        ("[[30, 48], [31, 48], [32, 48], [30, 48]]", r"inside: crosses or touches itself"),
        ("[[48, 30], [48, 31], [49, 31], [48, 30]]", r"\[48, 30\], outside 20 to 42 east and 43 to 54 north; write"),
        (f"[{[[30, 48], [31, 48], [31, 49], [30, 48]]}, [[1, 2]]]", r"inside\[1\]: has a point at \[1, 2\], outside"),
        (str([*ROUND, [31, 49], [30, 48]]), rf"inside: has {MAX_POINTS + 2} points, more than {MAX_POINTS}; draw it"),
        (str([[[30, 48], [31, 48], [31, 49], [30, 48]]] * 21), r"inside: has 21 outlines, more than 20; make several"),
    ],
)  # fmt: skip
def test_each_mistake_in_an_outline_is_named(text, said):
    with pytest.raises(ProposalError, match=said):
        read_proposal_text(outline(text).encode(), name="mine.toml")


def test_a_rule_below_a_drawn_zone_still_has_land():
    text = outline("[[30, 48], [31, 48], [31, 49], [30, 48]]")
    again = '[[zones]]\nstatus = "open"\nwhere = { held_by = "russia" }\n'
    assert len(read_proposal_text((text + again).encode(), name="a").rules) == 2
    with pytest.raises(ProposalError, match=r"zones\[1\]: can never match"):
        read_proposal_text((text + text.removeprefix(HEAD)).encode(), name="a")


def test_a_number_past_all_measure_is_refused():
    text = f'[parameters.depth_km]\nlabel = "D"\ndefault = {10**400}\nmin = 1\nmax = 2\n'
    with pytest.raises(ProposalError, match=r"default: must be a number"):
        read_proposal_text((HEAD + text).encode(), name="a")


# Written back


@pytest.mark.parametrize("proposal", load_proposals(), ids=lambda proposal: proposal.id)
def test_shipped_proposals_are_written_back(proposal, tmp_path, capsys):
    path = tmp_path / f"{proposal.id}.toml"
    path.write_text(to_toml(proposal), encoding="utf-8")
    again = read_proposal(path)
    assert asdict(again) == asdict(proposal)
    assert to_toml(again) == to_toml(proposal)
    assert main.main(["check", str(path)]) == 0
    assert "no problem" in capsys.readouterr().out


plain = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u202a\u202b\u202c\u202d\u202e"
                              "\u2066\u2067\u2068\u2069"), min_size=1, max_size=40).filter(str.strip)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(plain, plain, st.lists(rules().filter(is_drawable), max_size=5), st.dates())
def test_any_proposal_is_written_back_and_travels_in_a_link(title, said, found, day):
    mine = replace(
        viewer.blank(day), title=title, summary=said, rules=tuple(found), notes=(said,), unspecified=(said, title),
        terms=(Term("army", said),),
    )  # fmt: skip
    content = asdict(viewer.mark(mine))
    assert asdict(viewer.unpack(viewer.pack(mine))) == content
    kept = replace(viewer.mark(mine), rules=mine.rules[:1])
    assert asdict(read_proposal_text(to_toml(kept).encode(), name="mine.toml")) == asdict(kept)


# In a link


def packed(content, version="1"):
    text = json.dumps(content).encode() if not isinstance(content, bytes) else content
    return f"{version}.{base64.urlsafe_b64encode(zlib.compress(text)).decode().rstrip('=')}"


SOUND = {"title": "T", "date": "2025-12-12", "summary": "S", "zones": []}
LAND = {"status": "open", "where": {"held_by": "russia"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a proposal that this version can read"),
        ("nonsense", "is not a proposal that this version can read"),
        (packed(SOUND, version="2"), "is not a proposal that this version can read"),
        ("1.AAAA", "is cut off or changed"),
        (packed(SOUND)[:-6], "is cut off or changed"),
        (packed(b"[" * 50_000), "is cut off or changed"),
        (packed(b"\xff\xfe"), "is cut off or changed"),
        (packed([]), "holds no proposal"),
        (packed(b" " * 50_000_000), "is larger than 100 kB"),
        (packed(SOUND | {"zones": [LAND] * 41}), "has more than 40 rules"),
        (
            packed(SOUND | {"zones": [{"status": "open", "where": {"within_km_of_line": 5}}] * 16}),
            "has more than 15 buffers and drawn zones",
        ),
        (packed(SOUND | {"title": "T" * 200}), "has a name of over 80 characters"),
        (
            packed(SOUND | {"zones": [{"status": "open", "where": {"inside": [[30, 48]] * 601}}]}),
            "has outlines of more than 600 points",
        ),
        (packed(SOUND | {"zones": [{"status": "mine", "where": {"held_by": "russia"}}]}), r"'mine' is not a status"),
        (packed(SOUND | {"zones": 3}), r"zones: must be a list"),
        (packed(SOUND | {"date": 3}), r"date: must be a date"),
        (packed(SOUND | {"title": "\ud800"}), r"title: has control characters"),
        (packed(SOUND | {"sumary": "S"}), r"sumary: unknown key"),
        (packed(SOUND | {"zones": [LAND | {"where": {"within_km_of_line": float("nan")}}]}), r"must be a number of km"),
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_read_is_refused(text, said):
    with pytest.raises(ProposalError, match=said):
        viewer.unpack(text)
    view, notices = links.from_query({"own": text, "page": "own", "v": data_version()})
    assert view.viewers_proposal == ""
    assert (len(notices) == 1) == bool(text)
    assert not any("mine" in notice or "sumary" in notice for notice in notices)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["title", "date", "summary", "zones", "where", "inside", "status", "parameters", "terms"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_whatever_a_link_holds_is_a_proposal_or_a_refusal(content):
    try:
        found = viewer.unpack(packed(content))
    except ProposalError:
        return
    assert found.title.startswith("Viewer's own: ")


def test_a_link_holds_the_whole_proposal():
    mine = edits.add_drawn(viewer.start_from(load_proposal("us-28-point"), DAY), SQUARE, held_by=None, status="open")
    view = links.View(page="own", viewers_proposal=viewer.pack(mine))
    query = links.to_query(view)
    assert links.from_query(query) == (view, [])
    assert len(query["own"]) < 500
    assert viewer.unpack(query["own"]) is viewer.unpack(query["own"])


def test_a_proposal_that_is_too_long_stays_out_of_the_link():
    noise = "".join(chr(0x4E00 + (index * 7919) % 20_000) for index in range(5000))
    long = viewer.pack(replace(viewer.blank(DAY), summary=noise))
    assert not links.fits(long)
    assert "own" not in links.to_query(links.View(viewers_proposal=long))
    view, notices = links.from_query({"own": long})
    assert view.viewers_proposal == ""
    assert notices == ["The link's own proposal is too long; load its file instead."]


def test_a_link_names_it_on_either_side_of_a_comparison():
    mine = viewer.pack(viewer.start_from(load_proposal("us-28-point"), DAY))
    for sides in ({"proposal": "own"}, {"compare": "own"}, {"proposal": "own", "compare": "own"}):
        view = links.View(page="compare", viewers_proposal=mine, **sides)
        assert links.from_query(links.to_query(view)) == (view, [])
        found, notices = links.from_query({"page": "compare", "v": data_version()} | sides)
        assert found == links.View(page="compare")
        assert notices == [
            "The link names a viewer's own proposal without its rules; another one is shown in its place."
        ]


def test_one_that_no_link_holds_stays_where_it_is_kept():
    noise = "".join(chr(0x4E00 + (index * 7919) % 20_000) for index in range(5000))
    long, short = viewer.pack(replace(viewer.blank(DAY), summary=noise)), viewer.pack(viewer.blank(DAY))
    query = links.to_query(links.View(page="compare", compare="own", viewers_proposal=long))
    assert links.from_query(query, kept=long) == (links.View(page="compare", compare="own", viewers_proposal=long), [])
    assert links.from_query(query, kept=short)[0].viewers_proposal == ""
    assert links.from_query(query | {"own": short}, kept=long)[0].viewers_proposal == short


def test_parameters_give_way_to_their_values():
    mine = viewer.mark(load_proposal("donetsk-narrow-buffer"))
    assert mine.parameters == {}
    assert [one.within_km for one in mine.rules if one.within_km] == [
        load_proposal("donetsk-narrow-buffer").parameters["depth_km"].default
    ]
    assert viewer.unpack(viewer.pack(mine)).rules == mine.rules


@pytest.mark.parametrize(
    "name", ["US 28-point plan", "Viewer's own: US 28-point plan", "VIEWER'S OWN:US 28-point plan"]
)
def test_it_is_marked_whatever_its_name(name):
    mine = viewer.unpack(viewer.pack(replace(viewer.blank(DAY), title=name, by="United States")))
    assert mine.title == "Viewer's own: US 28-point plan"
    assert (mine.by, mine.id) == ("Viewer's own", "viewers-own-us-28-point-plan")


@pytest.mark.parametrize("name", ["<b>x</b>", "![x](//e.org/a.png)", "`x`", "**x**", "Мій план", "   "])
def test_a_name_is_never_markup(name):
    mine = viewer.mark(replace(viewer.blank(DAY), title=name))
    assert not set("<>[]`*_&") & set(mine.title)
    assert mine.id.startswith("viewers-own-")


def test_a_link_of_before_a_status_was_renamed_still_opens():
    rules = [{"status": "ceded", "where": {"oblasts": ["UA-14"]}}]
    content = {"title": "Old", "date": "2025-12-02", "summary": "Old.", "zones": rules}
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(content).encode())).decode().rstrip("=")
    assert [rule.status for rule in viewer.unpack(f"1.{packed}").rules] == ["de_facto"]


# Edits


def test_a_status_goes_before_the_rule_that_also_speaks_of_other_land():
    base = viewer.start_from(load_proposal("us-28-point"), DAY)
    changed = edits.set_status(base, "UA-09", "ukraine", "retained")
    assert edits.status_of(changed, "UA-09", "ukraine") == "retained"
    assert edits.status_of(changed, "UA-09", "russia") == "de_facto"
    assert len(changed.rules) == len(base.rules) + 1
    again = edits.set_status(changed, "UA-09", "ukraine", "buffer")
    assert len(again.rules) == len(changed.rules)
    assert edits.set_status(again, "UA-09", "ukraine", "de_facto").rules == base.rules
    assert edits.set_status(base, "UA-09", "ukraine", "de_facto") is base


def test_a_status_set_back_to_what_it_is_anyway_leaves_no_rule():
    blank = viewer.blank(DAY)
    assert edits.status_of(blank, "UA-14", "russia") == "open"
    once = edits.set_status(blank, "UA-14", "russia", "returned")
    assert [one.status for one in once.rules] == ["returned"]
    assert edits.set_status(once, "UA-14", "russia", "open").rules == ()


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(load_proposals()),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["ukraine", "russia"]),
    st.sampled_from(sorted(load_statuses())),
)
def test_a_status_that_is_set_is_the_status_and_no_other_piece_moves(base, oblast, holder, status):
    before = viewer.start_from(base, DAY)
    after = edits.set_status(before, oblast, holder, status)
    for other in UNITS:
        for side in ("ukraine", "russia"):
            wanted = status if (other, side) == (oblast, holder) else edits.status_of(before, other, side)
            assert edits.status_of(after, other, side) == wanted


def test_a_buffer_on_each_side():
    zones = {}
    for side in ("ukraine", "russia", None):
        plan = edits.add_buffer(viewer.blank(DAY), 10, held_by=side, status="narrow_buffer")
        found = build_zones(plan)
        zones[side] = found[found["status"] == "narrow_buffer"].area.sum()
        assert_tiles(found, load_oblasts())
    assert zones[None] == pytest.approx(zones["ukraine"] + zones["russia"], rel=1e-9)


def test_a_swap_cedes_one_part_for_another():
    plan = edits.swap(viewer.blank(DAY), "UA-14", "UA-23")
    found = areas(build_zones(plan), "oblast", "held_by", "status")
    assert ("UA-14", "ukraine", "de_facto") in found
    assert ("UA-23", "russia", "returned") in found


def test_rules_are_moved_and_deleted():
    plan = ruled(rule("open", held_by="russia"), rule("de_facto", oblasts=("UA-14",)), rule("open", within_km=5.0))
    assert edits.move_rule(plan, 0, 1).rules == (plan.rules[1], plan.rules[0], plan.rules[2])
    assert edits.move_rule(plan, 2, 1).rules == plan.rules
    assert edits.move_rule(plan, 0, -1).rules == plan.rules
    assert edits.delete_rule(plan, 1).rules == (plan.rules[0], plan.rules[2])


def test_corners_as_text():
    assert edits.read_corners("33, 47\n36 47\n\n36;49\n 33,49 ") == SQUARE
    assert edits.read_corners("33 47\n36 47\n36 49\n33 49\n33 47") == SQUARE
    for text, said in (
        ("", "corners: is not a list of points"),
        ("33", "corners: is not a list of points"),
        ("33 47\n36 49\n36 47\n33 49", "corners: crosses or touches itself"),
    ):
        with pytest.raises(ProposalError, match=said):
            edits.read_corners(text)


def test_the_words_of_a_rule():
    one = rule("open", oblasts=("UA-14",), held_by="ukraine", within_km=10.0, inside=(SQUARE,))
    assert edits.rule_words(one) == (
        "Donetsk, held now by Ukraine, within 10 km of the line, in a drawn zone of 4 corners"
    )


def test_choices_speak_of_land_that_is_there():
    assert edits.choices("ukraine")[0] == "retained"
    assert "returned" not in edits.choices("ukraine")
    assert "retained" not in edits.choices("russia")


def test_a_start_from_a_proposal_keeps_rules_and_not_its_words():
    base = load_proposal("donetsk-narrow-buffer")
    mine = viewer.start_from(base, DAY, parameters={"depth_km": 40})
    assert 40.0 in [one.within_km for one in mine.rules]
    assert mine.clauses == mine.terms == mine.sources == ()
    assert base.title in mine.notes[0]
