"""The digest of code: what counts and what does not."""

from __future__ import annotations

import pytest

from nb2pipe.analysis import code_digest


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("x = 1", "x = 1  # one"),
        ("x = 1\ny = 2", "# note\n\nx = 1\n\n\ny = 2\n"),
        ("f(a, b)", "f(\n    a,\n    b,\n)"),
        ("s = 'a'", 's = "a"'),
        ("%time x = 1", "%time x = 1  \n"),
    ],
)
def test_formatting_does_not_count(first: str, second: str) -> None:
    """Comments, blank lines, line breaks and quotes leave the digest as it is."""
    assert code_digest([first]) == code_digest([second])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["x = 1"], ["x = 2"]),
        (["x = 1"], ["x = 1.0"]),
        (["x = 1"], ["x = True"]),
        (["a", "b"], ["b", "a"]),
        (["ab"], ["a", "b"]),
        (["%%bash\necho a"], ["%%bash\necho b"]),
        (["!ls a"], ["!ls b"]),
        (["f'{x}'"], ["f'{x!r}'"]),
        (["print('x'"], ["print('y'"]),
    ],
)
def test_code_counts(first: list[str], second: list[str]) -> None:
    """Every change that Python or IPython sees changes the digest, the order of cells included."""
    assert code_digest(first) != code_digest(second)
