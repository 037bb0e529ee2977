"""Words of a text file know where they begin in its characters."""

from __future__ import annotations

import pytest

from extractors.plain import text_pages


@pytest.mark.parametrize("text", ["a b\r\nc", "one\n\n two\fthree\r\nfour", "x\u2028y z", "", "\n" * 200 + "late word"])
def test_a_word_begins_where_the_text_says(text: str) -> None:
    words = [word for page in text_pages(text) for word in page.words]
    assert [w.text for w in words] == text.split()
    assert all(w.start is not None and text[w.start : w.start + len(w.text)] == w.text for w in words)
