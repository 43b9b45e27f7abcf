"""JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree

from nb2pipe.report.junit import Case, junit_xml


def test_totals_and_cases() -> None:
    """Each run is a case; failures and those that did not run are counted."""
    cases = [
        Case("1 a=1", 1.5),
        Case("2 a=2", 2.0, "ZeroDivisionError", "line 1"),
        Case("3 a=3", skipped="not started"),
    ]
    root = ElementTree.fromstring(junit_xml("train.ipynb", cases))
    assert {"tests": "3", "failures": "1", "errors": "0", "skipped": "1", "time": "3.500"} == root.attrib
    found = root.findall("./testsuite/testcase")
    assert ["1 a=1", "2 a=2", "3 a=3"] == [case.attrib["name"] for case in found]
    assert [None, "failure", "skipped"] == [case[0].tag if len(case) else None for case in found]
    assert "line 1" == found[1][0].text


def test_any_text_is_well_formed() -> None:
    """Control characters are left out, markup and quotes escaped, line ends kept in attributes."""
    bad = 'a\x00\x1b[31m<b> & "q"\nnext\ud800'
    root = ElementTree.fromstring(junit_xml(bad, [Case(bad, 0.0, bad, bad, output=bad)]).encode("utf-8"))
    failure = root.find("./testsuite/testcase/failure")
    assert failure is not None
    assert 'a[31m<b> & "q"\nnext' == failure.attrib["message"] == failure.text
