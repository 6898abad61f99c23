"""Proposal files: the shipped ones are sound, and each mistake is refused with file, key, reason and the way out."""

import pytest

from mapcore import load_proposal, load_proposals, read_proposal
from mapcore.base.data_files import MAX_TOML_BYTES, geo_dir
from mapcore.base.errors import ProposalError, UnknownIdError
from mapcore.proposals.shipped import read_proposals, scan_folder, scan_proposals

SOUND = """
id = "mine"
title = "Mine"
by = "Me"
date = 2025-11-20
order = 90
summary = "A summary."
unspecified = ["All else."]

[parameters.depth_km]
label = "Depth"
default = 15
min = 5
max = 50

[[zones]]
status = "buffer"
clause = "1"
where = { oblasts = ["UA-14"], held_by = "ukraine", within_km_of_line = "depth_km" }

[[zones]]
status = "returned"
where = { held_by = "russia" }

[[clauses]]
id = "1"
text = "The clause."
source = "https://example.org/text"

[[notes]]
text = "A note."
"""


@pytest.fixture
def write(tmp_path):
    def write_one(text, name="mine.toml", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write_one


def test_the_shipped_proposals_are_sound():
    assert scan_proposals()[1] == ()
    assert len(load_proposals()) == 15
    assert len({proposal.order for proposal in load_proposals()}) == 15


def test_a_sound_file(write):
    proposal = read_proposal(write(SOUND))
    assert proposal.parameters["depth_km"].default == 15
    assert proposal.rules[0].within_km == "depth_km"
    assert proposal.notes == ("A note.",)
    assert read_proposal(write(SOUND.replace("\n", "\r\n"))).summary == proposal.summary


MISTAKES = [
    ('order = 90', 'order = 90\nsumary = ""', r"sumary: unknown key; did you mean 'summary'\?"),
    ('id = "mine"\n', "", r"mine\.toml: id: is missing; add it"),
    ('title = "Mine"', "title = 3", r"title: must be text; put it in quotes"),
    ('title = "Mine"', 'title = " "', r"title: is empty; write it out"),
    ('title = "Mine"', 'title = "Mi\\u0000ne"', r"title: has control characters \(U\+0000\); write plain text"),
    ('title = "Mine"', 'title = "Mi\\u202Ene"', r"title: has control characters \(U\+202E\)"),
    ('id = "mine"', 'id = "My Plan"', r"id: 'My Plan' is not an id; write small letters"),
    ('id = "mine"', f'id = "{"x" * 300}"', r"id: 'x+\.\.\.' is not an id; write small letters"),
    ('id = "mine"', 'id = "other"', r"id: 'other' is not the file's name; write id = \"mine\", or rename the file"),
    ("date = 2025-11-20", 'date = "2025-11-20"', r"date: must be a date; write it without quotes"),
    ("date = 2025-11-20", "date = 2025-11-20T10:00:00", r"date: must be a date"),
    ("date = 2025-11-20", "date = 2025-02-30", r"is not valid TOML: .*\(at line 5, column 8\)"),
    ("order = 90", 'order = "last"', r"order: must be a whole number"),
    ('unspecified = ["All else."]', "unspecified = 3", r"unspecified: must be a list"),
    ('unspecified = ["All else."]', "unspecified = [3]", r"unspecified\[0\]: must be text"),
    ("default = 15", "default = 99", r"parameters\.depth_km\.default: 99 is outside 5 to 50; choose a default"),
    ("default = 15", 'default = "15"', r"parameters\.depth_km\.default: must be a number"),
    ("default = 15", "default = nan", r"parameters\.depth_km\.default: must be a number"),
    ("min = 5", "min = -5", r"parameters\.depth_km\.min: -5 to 50 is not a range"),
    ("max = 50", "max = 5000", r"parameters\.depth_km\.min: 5 to 5000 is not a range; stay from above 0 to 500"),
    ("max = 50", "max = 50\nstep = 0", r"parameters\.depth_km\.step: 0 cannot be a step"),
    ("max = 50", 'max = 50\nunit = "mi"', r"parameters\.depth_km\.unit: 'mi' is not a unit of distance here; write km"),
    ("max = 50", "", r"parameters\.depth_km\.max: is missing"),
    ("[parameters.depth_km]", "[parameters.zoom]", r"parameters\.zoom: is not a name for a parameter; .*links use"),
    ("[parameters.depth_km]", "[parameters]\nx = 1\n[parameters.depth_km]", r"parameters\.x: must be a table"),
    ('within_km_of_line = "depth_km"', "within_km_of_line = 10", r"parameters\.depth_km: no rule uses it"),
    ('within_km_of_line = "depth_km"', 'within_km_of_line = "deep"', r"'deep' is not a parameter of this proposal"),
    ('within_km_of_line = "depth_km"', "within_km_of_line = -3", r"within_km_of_line: must be a number of km; write"),
    ('within_km_of_line = "depth_km"', "within_km_of_line = [3]", r"within_km_of_line: must be a number of km"),
    ('"UA-14"', '"UA-99"', r"zones\[0\]\.where\.oblasts: 'UA-99' is not a .* unit; did you mean 'UA-09' \(Luhansk\)\?"),
    ('"UA-14"', '"Donetsk"', r"'Donetsk' is not a first-level unit; did you mean 'UA-14' \(Donetsk\)\?"),
    ('"UA-14"', '"UA-14", "UA-14"', r"oblasts: 'UA-14' is given twice; delete one"),
    ('["UA-14"]', '"UA-14"', r"zones\[0\]\.where\.oblasts: must be a list"),
    ('held_by = "russia"', 'held_by = "rusia"', r"held_by: 'rusia' is not a holder; write 'ukraine' or 'russia'"),
    ('{ held_by = "russia" }', "{ }", r"zones\[1\]\.where: gives no condition; name oblasts"),
    ('{ held_by = "russia" }', '{ heldby = "russia" }', r"where\.heldby: unknown key; did you mean 'held_by'\?"),
    ('where = { held_by = "russia" }', "", r"zones\[1\]\.where: is missing"),
    ('where = { held_by = "russia" }', "where = 3", r"zones\[1\]\.where: must be a table"),
    ('status = "returned"', 'status = "retuned"', r"zones\[1\]\.status: 'retuned' is not a status; did you mean"),
    ('status = "returned"', "status = 1", r"zones\[1\]\.status: must be text"),
    ('clause = "1"', 'clause = "2"', r"zones\[0\]\.clause: '2' is not among the clauses; there are: 1"),
    ("[[notes]]", '[[clauses]]\nid = "1"\ntext = "T"\nsource = "https://e.org"\n[[notes]]', r"clauses\[1\]\.id: '1'"),
    ('text = "The clause."\n', "", r"clauses\[0\]\.text: is missing; add it"),
    ('text = "The clause."', 'text = ""', r"clauses\[0\]\.text: is empty"),
    ('source = "https://example.org/text"', "", r"clauses\[0\]\.source: is missing"),
    ("https://example.org/text", "javascript:alert(1)", r"clauses\[0\]\.source: is not an address; .*https://"),
    ('text = "A note."', 'txt = "A note."', r"notes\[0\]\.txt: unknown key"),
    ('[[notes]]\ntext = "A note."', "[notes]\n", r"notes: must be a list; write each entry under \[\[notes\]\]"),
    ('[[zones]]\nstatus = "returned"', '[[zones]\nstatus = "returned"', r"is not valid TOML: .*line 21"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES)
def test_each_mistake_is_named(write, old, new, said):
    assert old in SOUND
    with pytest.raises(ProposalError, match=said) as refusal:
        read_proposal(write(SOUND.replace(old, new)))
    for problem in refusal.value.problems:
        assert problem.file.endswith("mine.toml")
        assert problem.problem
        assert problem.way_out


def test_every_mistake_is_named_at_once(write):
    text = SOUND.replace('"UA-14"', '"UA-99"').replace("order = 90", 'order = "x"').replace('by = "Me"', "")
    with pytest.raises(ProposalError, match=r"by: is missing") as refusal:
        read_proposal(write(text))
    assert [problem.key for problem in refusal.value.problems] == ["by", "order", "zones[0].where.oblasts"]


RULES_IN_VAIN = [
    (["{ held_by = 'russia' }", "{ oblasts = ['UA-65'], held_by = 'russia' }"], 1),
    (["{ oblasts = ['UA-14'] }", "{ oblasts = ['UA-65'] }", "{ oblasts = ['UA-14', 'UA-65'] }"], 2),
    (["{ held_by = 'russia' }", "{ held_by = 'ukraine' }", "{ within_km_of_line = 5 }"], 2),
    (["{ within_km_of_line = 30 }", "{ oblasts = ['UA-14'], within_km_of_line = 20 }"], 1),
]
RULES_WITH_LAND = [
    ["{ within_km_of_line = 20 }", "{ within_km_of_line = 30 }"],
    ["{ oblasts = ['UA-14'], held_by = 'russia' }", "{ oblasts = ['UA-14'] }"],
    ["{ within_km_of_line = 20 }", "{ held_by = 'russia' }"],
]


def _with_rules(wheres):
    head = SOUND[: SOUND.index("[parameters")]
    return head + "".join(f'[[zones]]\nstatus = "frozen"\nwhere = {where}\n' for where in wheres)


@pytest.mark.parametrize(("wheres", "index"), RULES_IN_VAIN)
def test_a_rule_that_can_never_match_is_refused(write, wheres, index):
    with pytest.raises(ProposalError, match=rf"zones\[{index}\]: can never match: .*; move it up or delete it"):
        read_proposal(write(_with_rules(wheres)))


@pytest.mark.parametrize("wheres", RULES_WITH_LAND)
def test_a_rule_that_can_match_is_not(write, wheres):
    assert len(read_proposal(write(_with_rules(wheres))).rules) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xef\xbb\xbf" + SOUND.encode(), "is UTF-8 with a byte order mark; save it as UTF-8 without"),
        (SOUND.encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b'title = "\xff"', r"is not UTF-8 text \(byte 9\); save it"),
        (b"\x00", "is not valid TOML"),
        (b"a = " + b"[" * 100_000, "is not valid TOML"),
        (b"#" * (MAX_TOML_BYTES + 1), "is larger than 1000 kB; a proposal is a short text"),
        (b"order = " + b"9" * 5000, "is not valid TOML"),
    ],
)
def test_files_that_are_no_text(write, content, said):
    with pytest.raises(ProposalError, match=said):
        read_proposal(write(content))


def test_a_folder_and_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ProposalError, match="is a folder; name the files in it"):
        read_proposal(tmp_path)
    with pytest.raises(ProposalError, match=r"nope\.toml: cannot be read \(No such file or directory\)"):
        read_proposal(tmp_path / "nope.toml")


def test_the_others_go_on_working(write, tmp_path):
    """A copy that kept the id of its model is refused, and the model keeps its place."""
    write(SOUND)
    write(SOUND, "copy.toml")
    write("id = ", "broken.toml")
    proposals, problems = scan_folder(tmp_path)
    assert [proposal.id for proposal in proposals] == ["mine"]
    assert len(problems) == 2
    assert "broken.toml: is not valid TOML" in problems[0]
    assert "copy.toml: id: 'mine' is not the file's name, and is the id of" in problems[1]
    assert problems[1].endswith('write id = "copy"')


def test_two_files_with_one_id(write, tmp_path):
    (tmp_path / "other").mkdir()
    paths = [write(SOUND), write(SOUND, "other/mine.toml")]
    sound, problems = read_proposals(paths)
    assert list(sound) == paths[:1]
    assert [str(problem) for problem in problems] == [
        f"{paths[1]}: id: 'mine' is already the id of {paths[0]}; give each file its own id, and its name"
    ]
    assert read_proposals([paths[0], paths[0]])[1] == ()


def test_an_unknown_proposal():
    with pytest.raises(UnknownIdError, match="no proposal 'us-28-pint'; did you mean 'us-28-point'"):
        load_proposal("us-28-pint")


@pytest.mark.parametrize("path", sorted((geo_dir() / "scenarios").glob("*.toml")), ids=lambda path: path.stem)
def test_each_clause_and_rule_of_a_shipped_proposal_has_its_source(path):
    proposal = read_proposal(path)
    assert proposal.clauses
    assert proposal.sources
    assert proposal.unspecified
    assert all(rule.clause for rule in proposal.rules)
