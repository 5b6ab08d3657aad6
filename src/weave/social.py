"""What a page says of itself to whoever is sent a link to it, and to search engines.

planned(...)     the picture of every section of the book, as programs that draw it
head(...)        the lines for the head of a page: Open Graph, Twitter, and schema.org as JSON-LD

A page asks for a picture by `picture: topic.function` in its front matter, a plot of
`docs/figures`. Its whole section is then shown with it; a section without one has the home page's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from .feeds import Site
from .programs import Catalogue, Program

WIDTH, HEIGHT = 1200, 630
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
KINDS = {"Practice": "exercise", "Reference": "reference", "For teachers": "lesson plan"}


@dataclass(frozen=True)
class Page:
    """What the navigation and the front matter say of a page; the home page is in no section."""

    source: str
    section: str
    title: str
    description: str = ""
    picture: str = ""
    keywords: tuple[str, ...] = ()
    above: tuple[str, ...] = ()  # the titles of the sections it stands in, the outermost first


@dataclass(frozen=True)
class Picture:
    """A picture of the site: what draws it, where it is, and what it shows in words."""

    program: Program
    address: str
    words: str


# Pictures -------------------------------------------------------------------------------------


def planned(site: Site, pages: Sequence[Page], known: Catalogue) -> dict[str, Picture]:
    """Return the picture of each section, the home page's under "".

    Raises WeaveError for a figure that there is not. A book that asks for no picture has none.
    """
    chosen: dict[str, str] = {}
    for page in pages:
        if page.picture:
            chosen.setdefault(page.section, page.picture)
    if "" not in chosen:
        return {}
    sections = dict.fromkeys(page.section for page in pages)
    return {
        name: _picture(site, name, [page for page in pages if page.section == name], figure)
        for name in sections
        for figure in [known["figure", chosen.get(name, chosen[""])]]
    }


def _picture(site: Site, section: str, pages: Sequence[Page], figure: Program) -> Picture:
    if section:
        title, words = section, " · ".join(page.title for page in pages if page.title != section)
    else:
        title, _, words = site.description.partition(". ")
    spec = json.dumps([figure.name, title, words], ensure_ascii=False)
    name = re.sub(r"\W+", "-", section.lower()) or "home"
    return Picture(
        Program("social", spec, figure.path, figure.line),
        f"assets/social/{name}.png",
        f"{site.name}: {title}, beside a plot from the book",
    )


# The head of a page ---------------------------------------------------------------------------


def head(site: Site, page: Page, url: str, picture: Picture | None) -> str:
    """Return the lines for a page that stands at `url`, relative to the site."""
    if not site.url:  # then nothing can be said: all these want whole addresses
        return ""
    address = site.url + url
    title = page.title if page.section else site.name
    about = page.description or site.description
    told = {
        "og:site_name": site.name,
        "og:type": "article" if url else "website",
        "og:title": title,
        "og:description": about,
        "og:url": address,
        "og:locale": "en_GB",
    }
    named = {"twitter:card": "summary", "twitter:title": title, "twitter:description": about}
    if picture:
        image = site.url + picture.address
        told |= {
            "og:image": image,
            "og:image:type": "image/png",
            "og:image:width": str(WIDTH),
            "og:image:height": str(HEIGHT),
            "og:image:alt": picture.words,
        }
        named |= {"twitter:card": "summary_large_image", "twitter:image": image}
        named |= {"twitter:image:alt": picture.words}
    lines = [f'<meta property="{key}" content="{escape(value)}">' for key, value in told.items()]
    lines += [f'<meta name="{key}" content="{escape(value)}">' for key, value in named.items()]
    data = json.dumps(structured(site, page, url, picture), ensure_ascii=False)
    data = data.replace("<", "\\u003c")  # a text may hold the end of a script
    return "\n".join([*lines, f'<script type="application/ld+json">{data}</script>'])


def structured(site: Site, page: Page, url: str, picture: Picture | None) -> dict[str, Any]:
    """Return a page in the words of schema.org: a course, or a resource that is part of it."""
    address, about = site.url + url, page.description or site.description
    course = f"{site.url}#course"
    own: Mapping[str, Any]
    if url:
        own = {
            "@type": ["LearningResource", "Article"],
            "@id": address,
            "headline": page.title,
            "learningResourceType": KINDS.get(page.section, "lesson"),
            "isPartOf": {"@id": course},
        }
    else:
        own = {
            "@type": "Course",
            "@id": course,
            "provider": {"@type": "Organization", "name": site.name, "url": site.url},
            "teaches": "Backpropagation",
        }
    common: dict[str, Any] = {
        "name": page.title if url else site.name,
        "description": about,
        "url": address,
        "inLanguage": "en-GB",
        "license": LICENCE,
        "isAccessibleForFree": True,
    }
    if picture:
        common["image"] = site.url + picture.address
    if page.keywords:
        common["keywords"] = list(page.keywords)
    graph: list[Mapping[str, Any]] = [{**own, **common}]
    if url:
        graph.append(_trail(site, page, address))
    return {"@context": "https://schema.org", "@graph": graph}


def _trail(site: Site, page: Page, address: str) -> dict[str, Any]:
    """Return the way from the home page; sections are headings and have no address."""
    names = [(site.name, site.url), *((title, "") for title in page.above), (page.title, address)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name} | ({"item": at} if at else {})
            for place, (name, at) in enumerate(names, 1)
        ],
    }
