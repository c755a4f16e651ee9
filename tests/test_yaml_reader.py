"""The YAML subset: what is read, what is refused, and where."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_tracker.text.characters import clean, scrubbed
from incident_tracker.text.edit import apply
from incident_tracker.text.yaml_nodes import Mapping, Node, Scalar, Sequence
from incident_tracker.text.yaml_plain import plain_fields
from incident_tracker.text.yaml_reader import DEFAULT, Limits, parsed, read_yaml


def plain(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    return None


def read(text: str) -> object:
    root, faults = read_yaml(text)
    assert faults == ()
    return plain(root)


def faults_of(text: str) -> list[tuple[str, int, int]]:
    return [(f.code, f.position.line, f.position.column) for f in read_yaml(text)[1]]


def walk(node: Node) -> list[Node]:
    if isinstance(node, Sequence):
        return [node, *(below for item in node.items for below in walk(item))]
    if isinstance(node, Mapping):
        return [
            node,
            *(b for e in node.entries for part in (e.key, e.value) for b in walk(part)),
        ]
    return [node]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 12:30:45\n", {"a": "12:30:45"}),
        ("a: 0755\nb: 1.10\nc: .nan\n", {"a": "0755", "b": "1.10", "c": ".nan"}),
        ("at: 2026-13-41T25:61Z\n", {"at": "2026-13-41T25:61Z"}),
        ("on: off\n1: yes\nnull: no\n", {"on": "off", "1": "yes", "null": "no"}),
        ("content: a\nhandler: b\n", {"content": "a", "handler": "b"}),
        ("a:\nb: ''\n", {"a": "", "b": ""}),
        ("a: {b: [c, 'd, e'], f: g}\n", {"a": {"b": ["c", "d, e"], "f": "g"}}),
        ("a:\n  - b\n  - c: d\n    e: f\n", {"a": ["b", {"c": "d", "e": "f"}]}),
        ("a: |\n  b\n  c\n", {"a": "b\nc\n"}),
        ("a: >-\r\n  b\r\n  c\r\n", {"a": "b c"}),
        ("# only a comment\n", {}),
        ("", {}),
        ("---\na: b\n", {"a": "b"}),
        ('"<<": a\n', {"<<": "a"}),
        ("a: 👩‍🚀 flies\n", {"a": "👩‍🚀 flies"}),
    ],
)
def test_scalars_stay_the_text_of_the_file(text: str, expected: object) -> None:
    assert read(text) == expected


def test_columns_count_characters_where_bytes_would_be_more() -> None:
    root, _ = read_yaml("größe: 'ü😀x'\n", first_line=2)
    assert root is not None
    entry = root.entries[0]
    assert (entry.key.position.line, entry.key.position.column) == (2, 1)
    assert isinstance(entry.value, Scalar)
    assert (entry.value.position.column, entry.value.end.column) == (8, 13)
    assert entry.value.quoted


def test_a_block_ends_with_its_last_value_and_not_with_the_comments_behind_it() -> None:
    root, _ = read_yaml("a: |\n  x\n\n# c\nb:\n  - x\n  - y # z\n# d\nc: 1\n")
    assert root is not None
    ends = [(e.value.end.line, e.value.end.column) for e in root.entries]
    assert ends == [(2, 4), (7, 6), (9, 5)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("severity: P0\ntitle: x\nseverity: P3\n", ("FMT004", 3, 1)),
        ("roles:\n  ic: a\n  ic: b\n", ("FMT004", 3, 3)),
        ("roles: {ic: a, ic: b}\n", ("FMT004", 1, 16)),
        ("a: &x b\n", ("FMT009", 1, 4)),
        ("a: b\nc: *x\n", ("FMT009", 2, 4)),
        ("a: !!str b\n", ("FMT009", 1, 4)),
        ("a: !important x\n", ("FMT009", 1, 4)),
        ("a: b\n<<: {c: d}\n", ("FMT009", 2, 1)),
        ("%YAML 1.1\n---\na: b\n", ("FMT009", 1, 1)),
        ("a: b\n---\nc: d\n", ("FMT009", 2, 1)),
        ("? [a]\n: b\n", ("FMT010", 1, 3)),
        ("{a: b, [c]: d}\n", ("FMT010", 1, 8)),
        ("a:\n  '': b\n  ? \n  : c\n", ("FMT010", 2, 3)),
        ("? a\n: b\n", ("FMT010", 1, 1)),
        ("? |\n a\n: b\n", ("FMT010", 1, 3)),
        ("- a\n- b\n", ("FMT018", 1, 1)),
        ("# comment\njust words\n", ("FMT018", 2, 1)),
        ("a: x\x85b: 2\n", ("FMT007", 1, 5)),
        ("a: b\nc: x\u2028d: 2\n", ("FMT007", 2, 5)),
        ("a: \ud800\n", ("FMT007", 1, 4)),
        ("a: \ufffe\n", ("FMT007", 1, 4)),
        ("a: b\rc: d\n", ("FMT007", 1, 5)),
        ('a: "\\e[31m"\n', ("FMT007", 1, 4)),
        ('a: b\nc: "x\\u202ey"\n', ("FMT007", 2, 4)),
        ("a: " + "[" * 100_000, ("FMT012", 1, 23)),
        ("{a: " * 50_000, ("FMT012", 1, 81)),
        ("a: " + "x" * 300_000, ("FMT012", 1, 1)),
        ("a: [" + "x, " * 25_000 + "x]\n", ("FMT012", 1, 60_002)),
    ],
)
def test_what_is_refused_has_one_fault_at_its_place(
    text: str, expected: tuple[str, int, int]
) -> None:
    assert faults_of(text) == [expected]


def test_row_01_of_two_equal_keys_the_first_is_read_and_the_second_reported_with_its_path() -> None:
    root, faults = read_yaml("roles:\n  ic: a\n  ic: b\ntitle: t\n")
    assert plain(root) == {"roles": {"ic": "a"}, "title": "t"}
    assert faults[0].field == "roles.ic"
    assert "first on line 2" in faults[0].message
    assert faults[0].end_column == 5


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("a:\n\tb: c\n", (2, 1), "tab"),
        ("a: Foo: bar # x\n", (1, 4), '": "'),
        ("a: @x\n", (1, 4), '"@"'),
        ("a: `x`\n", (1, 4), '"`"'),
        ("a: %x\n", (1, 4), '"%"'),
        ("a: **b** c\n", (1, 4), '"*"'),
        ("a:\n  - @x\n", (2, 5), '"@"'),
        ("a: 'x\nb: c\n", (1, 4), "never closed"),
        ("a: 'x\nb: 'c'\n", (1, 4), "never closed"),
        ('a: "b" c\n', (1, 4), "closing quote"),
        ('a: "\\q"\n', (1, 5), "escape"),
        ("a: [x, y\nb: c\n", (1, 4), '"["'),
        ("a: {x: y\nb: c\n", (1, 4), '"{"'),
        ("a:b\nc: d\n", (1, 2), "space is missing"),
        ("a: b\nc:d\n", (2, 2), "space is missing"),
        ("a: b\nc d\n", (2, 1), "no field"),
        ("a: b\n  c: d\n", (2, 3), "indentation"),
        ("a:\n  b: c\n d: e\n", (3, 2), "indentation"),
        ("a: b\n@c: d\n", (2, 1), "name cannot begin"),
    ],
)
def test_a_syntax_error_names_its_usual_cause(text: str, place: tuple[int, int], word: str) -> None:
    (fault,) = read_yaml(text)[1]
    assert (fault.code, (fault.position.line, fault.position.column)) == ("FMT008", place)
    assert word in fault.message
    assert fault.help


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("t: x\na: Foo: bar # c\n", 't: x\na: "Foo: bar" # c\n'),
        ("a: @x\n", 'a: "@x"\n'),
        ('a: "b" c\n', 'a: "\\"b\\" c"\n'),
        ("a: b\nc:d\n", "a: b\nc: d\n"),
        ("a:\n\tb: c\n", "a:\n  b: c\n"),
        ("a: x\u200by\n", "a: xy\n"),
    ],
)
def test_the_fix_of_a_syntax_error_makes_it_readable(text: str, mended: str) -> None:
    (fault,) = read_yaml(text)[1]
    assert apply(text, fault.fix) == mended
    assert read_yaml(mended)[1] == ()


def merge_bomb() -> str:
    lines = ["a0: &a0 {k: v}"]
    for level in range(1, 9):
        aliases = ", ".join([f"*a{level - 1}"] * 9)
        lines.append(f"a{level}: &a{level} {{<<: [{aliases}]}}")
    return "\n".join(lines)


def laughs() -> str:
    return "a0: &a0 lol\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
    )


@pytest.mark.parametrize("text", [merge_bomb(), laughs(), "[" * 100_000, "a: " + "[" * 100_000])
def test_row_03_a_bomb_is_refused_at_once(text: str) -> None:
    before = time.process_time()
    root, faults = read_yaml(text)
    assert root is None
    assert faults
    assert time.process_time() - before < 1


def test_faults_of_one_text_are_capped() -> None:
    assert len(read_yaml("".join(f"a{n}: *x\n" for n in range(1_000)))[1]) == 20


def test_limits_are_an_argument() -> None:
    assert read_yaml("a: {b: c}\n", limits=Limits(depth=1))[1][0].code == "FMT012"
    assert read_yaml("a: {b: c}\n", limits=Limits(nodes=2))[1][0].code == "FMT012"
    assert read_yaml("a: {b: c}\n", limits=Limits(characters=5))[1][0].code == "FMT012"


yaml_like = st.lists(
    st.sampled_from(
        [*"abc:-?[]{},#&*!|>'\"%@`\\~=<. \t\n\r", "\n  ", ": ", "- ", "---\n", "é", "😀"]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300)
@given(st.one_of(yaml_like, st.text(max_size=60)))
def test_any_text_is_read_or_refused_with_a_fault_inside_of_it(text: str) -> None:
    root, faults = read_yaml(text)
    assert root is not None or faults
    lines = text.split("\n")
    for fault in faults:
        assert 1 <= fault.position.line <= len(lines)
        assert 1 <= fault.position.column <= len(lines[fault.position.line - 1]) + 1
        assert clean(fault.message)
        assert "\n" not in fault.message
        apply(text, fault.fix)


@settings(max_examples=200)
@given(yaml_like)
def test_a_plain_scalar_stands_where_its_position_says(text: str) -> None:
    root, _ = read_yaml(text)
    if root is None:
        return
    lines = text.split("\n")
    for node in walk(root):
        line = lines[node.position.line - 1] if text else ""
        if isinstance(node, Scalar) and not node.quoted and node.position.line == node.end.line:
            assert line[node.position.column - 1 : node.end.column - 1] == node.text


@given(st.text(max_size=40))
def test_scrubbed_text_is_clean_and_clean_text_is_left_alone(text: str) -> None:
    assert clean(scrubbed(text))
    assert not clean(text) or scrubbed(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "title: Website down, 503\nseverity: P1\n",
        "at: 2026-11-03T14:05-06:00",
        "roles: {ic: asha, scribe: dana li}\nkind: [outage, a/b@c]\n",
        "a: \"b: # c, [d]\"\nc: ''\nd:  'e\"f'\n",
        "a: b\u2013c \u00e4d\n",
    ],
)
def test_plain_fields_need_no_parser(text: str) -> None:
    assert plain_fields(text, 2) == parsed(text, 2, DEFAULT)[0] is not None


FIELDS = ("a: b", "b: c d", "c: [e, f g]", "d: {h: i, j: k}", 'e: "l: m"', "f: 'n # o'", "g: 1:2")


@given(
    st.lists(st.sampled_from(FIELDS), min_size=1, max_size=4),
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(0, 2),
            st.sampled_from([*" :,-#\"'[]{}aZ0_.@&*!?|>%~\n\t\\\u00a0\u2192", ": ", " #", "---"]),
        ),
        max_size=3,
    ),
)
def test_what_is_read_without_a_parser_is_what_the_parser_reads(
    fields: list[str], changes: list[tuple[int, int, str]]
) -> None:
    text = "\n".join(fields)
    for at, gone, put in changes:
        text = text[:at] + put + text[at + gone :]
    found = plain_fields(text, 2)
    assert found is None or (found, ()) == parsed(text, 2, DEFAULT)
