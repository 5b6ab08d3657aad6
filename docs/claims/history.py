"""Claims about who found what: decided by dated sources, not by computation."""

from __future__ import annotations

from docs.claims._claim import claim
from docs.claims.backward_pass import EIGENVUE


@claim(
    wording="Introduced by Rumelhart, Hinton, and Williams in 1986.",
    source=f"[Eigenvue, Backpropagation]({EIGENVUE}), and many others",
    right="""Their letter gave the method its name and showed hidden neurons learning useful
        features. After it, everybody used it.""",
    correct="""Made popular by Rumelhart, Hinton and Williams in 1986, and found several
        times before.""",
    finding="""The oldest of four publications is of {{ first }}:
        [Linnainmaa](https://doi.org/10.1007/BF01931367) found the reverse accumulation of
        derivatives in his thesis, to follow rounding errors, and published it in English in
        {{ years[2] }}. [Werbos](https://people.idsia.ch/~juergen/who-invented-backpropagation.html)
        proposed it for models with layers in {{ years[1] }}. The
        [letter of {{ years[3] }}](https://doi.org/10.1038/323533a0) says itself that
        variants had been discovered independently by Parker and by Le Cun.""",
)
def C11():
    publications = {
        "Linnainmaa, master's thesis, Helsinki": 1970,
        "Werbos, doctoral thesis, Harvard": 1974,
        "Linnainmaa, BIT 16, 146-160": 1976,
        "Rumelhart, Hinton and Williams, Nature 323, 533-536": 1986,
    }
    years = list(publications.values())
    return "sourced", {
        "years": years,
        "first": min(years),
        "who": list(publications),
    }
