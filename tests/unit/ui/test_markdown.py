"""The Markdown guard: whatever a text holds, what is left can do nothing; and ordinary text stays as it was meant."""

from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests import xss

from dashboard.ui.markdown import ATTRIBUTES, REL, SCHEMES, TAGS, is_harmless, safe_html


class Reading(HTMLParser):
    """Every tag with its attributes, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.odd: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)


def dangers(page: str) -> list[str]:
    """Whatever is not on the short lists."""
    reading = Reading(page)
    found = list(reading.odd)
    for tag, attributes in reading.found:
        allowed = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        if tag not in TAGS or set(attributes) - allowed:
            found.append(f"{tag} {attributes}")
        address = attributes.get("href")
        if address is not None and (not is_harmless(address) or attributes.get("rel") != REL):
            found.append(f"{tag} {attributes}")
    return found


def links(page: str) -> list[str | None]:
    return [attributes.get("href") for tag, attributes in Reading(page).found if tag == "a"]


@pytest.mark.parametrize("text", xss.ALL)
def test_nothing_dangerous_survives(text: str) -> None:
    assert dangers(safe_html(text)) == []
    assert dangers(safe_html(f"Before\n\n{text}\n\n- in a list: {text}")) == []


def test_there_are_many_of_them_and_none_twice() -> None:
    assert len(set(xss.ALL)) == len(xss.ALL) > 80


@pytest.mark.parametrize(
    "page",
    [
        "<script>x</script>",
        "<img src=x>",
        "<p style='x'>",
        "<p onclick=x>",
        f"<a href='javascript:x' rel='{REL}'>",
        f"<a href='https://a@b.example' rel='{REL}'>",
        "<a href='https://ok.example'>",
        "<!-- x -->",
        "<h1>x</h1>",
    ],
)
def test_the_check_sees_what_is_dangerous(page: str) -> None:
    """Negative control."""
    assert dangers(page)


@pytest.mark.parametrize("text", xss.LYING)
def test_a_link_that_names_another_address_is_no_link(text: str) -> None:
    assert links(safe_html(text)) == []
    assert "example" in safe_html(text) or "elpmaxe" in safe_html(text), "its words stay"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[the report](https://ok.example/report?year=2024#p)", "https://ok.example/report?year=2024#p"),
        ("[ok.example](https://www.ok.example/)", "https://www.ok.example/"),
        ("[help@ok.example](mailto:help@ok.example)", "mailto:help@ok.example"),
        ("[annex 2.1, page 3](http://ok.example)", "http://ok.example"),
        ("[report][1]\n\n[1]: https://ok.example", "https://ok.example"),
    ],
)
def test_an_honest_link_stays(text: str, address: str) -> None:
    """Negative control: the guard does not simply take away all links."""
    assert links(safe_html(text)) == [address]


DRAWN = [
    ("a **bold** *word*", "<p>a <strong>bold</strong> <em>word</em></p>"),
    ("# Title\n## Part\n### Piece", "<h3>Title</h3>\n<h4>Part</h4>\n<h5>Piece</h5>"),
    ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
    ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
    ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
    ("one  \ntwo", "<p>one<br>\ntwo</p>"),
    ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
    ("<b>typed</b>", "<p>&lt;b&gt;typed&lt;/b&gt;</p>"),
    ("https://ok.example and <https://ok.example>", "<p>https://ok.example and &lt;https://ok.example&gt;</p>"),
    ("a\u202eb &#x202e;c&#8203;d", "<p>ab cd</p>"),
    ("\u0d9a\u0dca\u200d\u0dbb", "<p>\u0d9a\u0dca\u200d\u0dbb</p>"),
]


@pytest.mark.parametrize(("text", "page"), DRAWN)
def test_ordinary_text_becomes_what_it_says(text: str, page: str) -> None:
    assert safe_html(text).strip() == page


pieces = st.lists(
    st.one_of(
        st.sampled_from(xss.ALL),
        st.sampled_from(["[", "]", "(", ")", "<", ">", "!", "`", "\n", "&#", ";", "://", "javascript:", '"', "\\"]),
        st.text(max_size=12),
    ),
    max_size=12,
).map("".join)


@given(pieces)
@example("")
def test_whatever_is_typed_only_harmless_tags_and_attributes_are_left(text: str) -> None:
    page = safe_html(text)
    assert dangers(page) == []
    assert all(not {"src", "style", "srcset", "title"} & attributes.keys() for _, attributes in Reading(page).found)
    assert all((address or "").partition(":")[0].lower() in SCHEMES for address in links(page))


@given(pieces)
def test_what_was_made_is_whole(text: str) -> None:
    """Read and written once more it stays the same, so no browser can read it as something else."""
    page = safe_html(text)
    again = nh3.clean(page, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=REL).strip()
    assert again == page
