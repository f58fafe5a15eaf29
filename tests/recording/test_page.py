"""Tests of HTML pages: escaping, and no external resources."""

from __future__ import annotations

import re

from markupsafe import Markup

from sentio_recording.page import Figure, Image, Items, Section, Table, Text, render

EVIL = '"><script>alert(1)</script><img src=https://example.org/x>'


def test_names_with_markup_are_escaped() -> None:
    contents = [
        Text(EVIL),
        Items([EVIL]),
        Table([EVIL], [[EVIL]]),
        Figure(Markup("<svg></svg>"), EVIL, EVIL, EVIL, [(EVIL, EVIL)]),
        Image("QUJD", EVIL),
    ]
    page = render(EVIL, EVIL, [Section(EVIL, contents)])
    assert "<script" not in page
    assert "<img src" not in page
    assert page.count("&lt;script&gt;") == 14
    assert '<img alt="&#34;&gt;' in page


def test_page_has_no_network_access() -> None:
    page = render("t", "s", [Section("h", [Text("a & b")])])
    assert not re.search(r"https?://|@import|url\(|<link|<script", page)
    assert "default-src 'none'" in page
    assert "<p>a &amp; b</p>" in page


def test_section_without_content_is_omitted() -> None:
    page = render("t", "s", [Section("empty", []), Section("full", [Text("x")])])
    assert "empty" not in page
    assert page.count("<section>") == 1


def test_equal_content_gives_equal_bytes() -> None:
    sections = [Section("h", [Table(["a", "b"], [[1, 2.5]], numeric=True)])]
    assert render("t", "s", sections) == render("t", "s", sections)
    assert '<table class="numeric">' in render("t", "s", sections)
