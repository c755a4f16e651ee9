"""Names are found in each form of their letters, and in a time that is that of the text."""

from __future__ import annotations

import pytest

from incident_tracker.text.names import LONGEST, Names, with_letters

PEOPLE = (
    "Ren\u00e9",
    "Stra\u00dfer",
    "O'Neil",
    "Mary Ann Smith",
    "bjork-e",
    "J. Doe",
    "D\u2019Arc",
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Ren\u00e9 REN\u00c9 Rene\u0301 RENE\u0301 Ren&eacute; Ren&#233; Re&#x6e;e&#769;",
            "@ @ @ @ @ @ @",
        ),
        ("STRASSER Stra\u00dfer strasser STRA\u1e9eER", "@ @ @ @"),
        ("O'Neil O\u2019Neil O\u02bcNeil O&#39;Neil O&rsquo;Neil o'neil's", "@ @ @ @ @ @'s"),
        ("D'Arc d\u2019arc", "@ @"),
        (
            "Mary Ann Smith MARY  ANN\nSMITH, Mary\u00a0Ann **Smith** Mary&nbsp;Ann Smith",
            "@ @, @** @",
        ),
        ("Smith, smith, SMITH, Ann's", "@, smith, @, @'s"),
        ("\uff22\uff4a\uff4f\uff52\uff4b-e bjork\u2010e bjork e", "@ @ bjork e"),
        ("Re\u00adn\u200b\u00e9", "@"),
        ("J. Doe J.\nDoe J Doe", "@ @ J @"),
        (
            "Ren\u00e9e Xren\u00e9 Smiths Ren\u00e91 O'Neill",
            "Ren\u00e9e Xren\u00e9 Smiths Ren\u00e91 O'Neill",
        ),
        ("_Ren\u00e9_ Ren\u00e9_k (ren\u00e9)", "_@_ @_k (@)"),
    ],
)
def test_a_name_is_found_however_its_letters_are_put_together(text: str, left: str) -> None:
    assert Names(PEOPLE, PEOPLE).replaced(with_letters(text), "@") == left


def test_the_longest_name_is_taken_and_signs_around_one_belong_to_it() -> None:
    names = Names(["mara", "Mara Example", "+1 555", "?", "", "n/a"], [])
    told = names.replaced("mara example, MARA, +1  555, 1 555? N/A n a", "@")
    assert told == "@, @, @, 1 555? @ n a"


def test_only_letters_and_what_joins_them_are_read_from_entities() -> None:
    kept = "&lt;b&gt; &amp; &quot; &#1; &#0; &nosuch; &#x110000; & &#1234567;"
    assert with_letters(kept) == kept


@pytest.mark.parametrize("count", [10, 1500])
def test_more_names_take_no_longer(count: int) -> None:
    names = Names([f"mara example{number}" for number in range(count)], [])
    text = "mara sees example1500x, mara example3. " * 2000
    assert names.replaced(text, "@") == "mara sees example1500x, @. " * 2000


def test_a_name_of_many_words_is_as_good_as_its_first_ones() -> None:
    names = Names(["a " * 5000 + "b"], [])
    assert names.replaced("a " * (LONGEST * 3), "@") == "@ " * 3
