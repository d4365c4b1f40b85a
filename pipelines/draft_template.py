"""Pages of articles -> the family whose layouts read them, or layouts of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.draft_layout import (
    Fit,
    Found,
    agreement,
    author_selector,
    bodies_of,
    date_selector,
    fit_of,
    layout_of,
    removable,
)
from pipelines.draft_toml import LayoutFacts, Noted
from pipelines.errors import OutletError
from pipelines.process import process
from pipelines.records import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipelines.draft_layout import Sight
    from pipelines.outlets import Outlet

_SAME = 0.02
"""Difference in F1 that is none."""
_A_LINE = 0.01
"""Difference in F1 that a lost line makes."""
_SOME = 0.1
"""Share of the pages that may lack a value before a selector is looked for."""
_NO_LAYOUT = (
    "No element holds the text on several pages: the general rules read it. A [[layouts]] with a "
    "body of its own would be surer."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How the pages of a site are to be read."""

    family: Noted
    layouts: tuple[LayoutFacts, ...]
    note: str
    """Why there is neither a family that fits nor a layout; empty else."""


def template_for(
    sights: Sequence[Sight],
    rules: Outlet,
    families: Iterable[str],
    with_family: Callable[[str], Outlet],
    *,
    is_wordpress: bool,
) -> Template:
    """Choose a family, and write layouts where it has none that fit.

    Args:
        sights: The pages.
        rules: The outlet as far as it is known, without layouts.
        families: Their names.
        with_family: Returns an outlet with nothing but that family's rules, of `""` none.
        is_wordpress: Whether the site says that it runs WordPress.

    Raises:
        OutletError: Never of a family's own file: a broken one does not fit.
    """
    founds = bodies_of(sights, rules)
    fits = _fits(sights, rules, families, with_family)
    family, is_enough = _family(sights, founds, fits, set(families), is_wordpress=is_wordpress)
    layouts = () if is_enough else tuple(_layout(one, sights, rules) for one in founds)
    return Template(family=family, layouts=layouts, note="" if is_enough or layouts else _NO_LAYOUT)


def _fits(
    sights: Sequence[Sight],
    rules: Outlet,
    families: Iterable[str],
    with_family: Callable[[str], Outlet],
) -> list[Fit]:
    found = []
    for name in families:
        try:
            own = with_family(name)
        except OutletError:
            continue  # what is wrong with it, `outlets check` says
        if own.layouts:
            fit = fit_of(name, replace(rules, layouts=own.layouts, clean=own.clean), sights)
            found += [fit] if fit is not None else []
    # A template of its own says more than microdata.
    return sorted(found, key=lambda one: (-round(one.f1, 2), one.family == "plain", one.family))


def _family(
    sights: Sequence[Sight],
    founds: Sequence[Found],
    fits: Sequence[Fit],
    known: set[str],
    *,
    is_wordpress: bool,
) -> tuple[Noted, bool]:
    """Return the family, and whether its layouts are enough."""
    total = len(sights)
    own_f1 = sum(one.f1 * len(one.pages) for one in founds) / total
    best = fits[0] if fits else None
    wordpress = next((one for one in fits if one.family == "wordpress"), None)
    if is_wordpress and best and wordpress and wordpress.f1 >= best.f1 - _SAME:
        best = wordpress
    if best is not None and best.f1 >= own_f1 - _SAME:
        names = ", ".join(best.selectors[:3])
        note = f"Its layouts fit {best.pages} of {total} pages ({names})."
        return Noted(value=best.family, note=note), True
    if is_wordpress and "wordpress" in known:
        fitting = wordpress.pages if wordpress else 0
        note = f"The site runs WordPress; the family's layouts fit {fitting} of {total} pages."
        return Noted(value="wordpress", note=note), False
    name = "plain" if "plain" in known else ""
    return Noted(value=name, note="No family's template fits."), False


def _layout(found: Found, sights: Sequence[Sight], rules: Outlet) -> LayoutFacts:
    total = len(sights)
    fields, notes = _fields(found, sights, rules)
    bad = [n for n in found.pages if n not in found.good]
    without = [n for n in range(total) if n not in found.pages]
    return LayoutFacts(
        body=found.selector,
        note=f"On {len(found.pages)} of {total} pages; on {len(found.good)} of these it holds "
        f"the text that the general rules find (F1 in words {found.f1:.3f}).",
        without=tuple(sights[n].article.url for n in (*without, *bad)),
        fields=fields,
        notes=notes,
        remove=_removed(found, sights, rules),
    )


def _removed(found: Found, sights: Sequence[Sight], rules: Outlet) -> tuple[Noted, ...]:
    """Return what to cut out of the body, unless text goes with it."""
    some = removable(sights, found)
    cutting = replace(rules, layouts=(layout_of(found.selector, tuple(some)),))
    plainly = replace(rules, layouts=(layout_of(found.selector),))
    for sight in (sights[n] for n in found.good if some):
        before = agreement(sight, process(sight.page, plainly))
        if agreement(sight, process(sight.page, cutting)) < before - _A_LINE:
            return ()
    return tuple(
        Noted(value=name, note=f"On {count} pages{f': {told}' if told else '.'}")
        for name, (count, told) in some.items()
    )


def _fields(
    found: Found, sights: Sequence[Sight], rules: Outlet
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Find selectors for what the general rules do not see in that template."""
    rules = replace(rules, layouts=(layout_of(found.selector),))
    made = {
        n: one for n in found.good if isinstance(one := process(sights[n].page, rules), Article)
    }
    fields: dict[str, tuple[str, ...]] = {}
    notes: dict[str, str] = {}
    for key, column in (("published", "published_at"), ("authors", "authors")):
        lacking = [n for n, one in made.items() if not getattr(one, column)]
        if len(lacking) < max(2, _SOME * len(made)):
            continue
        if key == "published":
            selector = date_selector(sights, lacking, rules)
        else:
            selector = author_selector(sights, lacking)
        if selector is not None:
            fields[key] = (*_known(made, column), selector)
            notes[key] = f"The general rules find none on {len(lacking)} of {len(made)} pages."
    return fields, notes


def _known(made: dict[int, Article], column: str) -> list[str]:
    """Return the metadata that give a value on other pages: they say it more exactly."""
    counts = Counter(one.provenance.get(column, "") for one in made.values())
    return [text for text, _ in counts.most_common(2) if text.startswith(("jsonld:", "meta:"))]
