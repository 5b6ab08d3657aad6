"""What the theme writes that the HTML standard does not allow, set right.

The checker of the W3C finds these on every page; nothing that a reader meets depends on them.
"""

from __future__ import annotations

import re

UNALLOWED = re.compile(
    r'(?P<label><label [^>]*?) tabindex=""'  # no number
    r'|(?P<box><input [^>]*?type="checkbox"[^>]*?) autocomplete="off"'  # nothing to complete
)


def valid(page: str) -> str:
    """Return the page without attributes that stand where they may not."""
    return UNALLOWED.sub(lambda found: found["label"] or found["box"], page)
