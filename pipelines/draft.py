"""What was fetched of a site -> a draft of its outlet file, and what the draft makes of its pages.

Enters a home page, what sources list, and about twenty pages of likely articles; leaves facts, the
TOML that says them, and the outlet that it parses to. Nothing is in the file that was not seen;
what could not be found is named.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pipelines.draft_addresses import address_of, is_listing, pattern_of
from pipelines.draft_layout import (
    Fit,
    Found,
    Sight,
    agreement,
    author_selector,
    bodies_of,
    date_selector,
    fit_of,
    layout_of,
    removable,
    sight_of,
)
from pipelines.draft_site import (
    Front,
    anchors_of,
    belongs,
    domain_of,
    is_plain_url,
    name_of,
    no_articles,
    plain,
    single_page_of,
    zone_among,
    zones_of,
)
from pipelines.draft_toml import Facts, LayoutFacts, Noted, written
from pipelines.errors import KlipingError, OutletError
from pipelines.outlets import SLUG, Fetch, Outlet, parse_outlet, registered_domain
from pipelines.process import process
from pipelines.records import Article, Link, Rejected
from pipelines.urls import canonical_url, single_page_url
from pipelines.wordpress import post_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from pipelines.records import Page

Kind = Literal["feed", "sitemap", "news_sitemap", "listing", "wordpress"]

MOST_PAGES = 20
"""Pages that a draft is made from."""
SHOWN = 5
"""Articles that are extracted with it."""

_OLD = 5
"""Of the pages, how many are spread over the past of a sitemap: templates change."""
_MOST_NAMES = 40
_WHOLE = 0.9
"""Share of a page's words from which on the API's text is called whole."""
_TRUE = 0.8
"""Share of a source's fetched addresses that must be articles for the others to count as some."""
_RATED = 10
"""Dated links from which on a rate is stated."""
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source that answered."""

    kind: Kind
    url: str
    """For a listing with the slot `{page}`, where it has pages."""
    links: tuple[Link, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was fetched of a site."""

    front: Front
    sources: tuple[Source, ...]
    pages: tuple[Page, ...]
    """Likely articles."""
    posts: Page | None = None
    """What WordPress's API answered, where it answered with a list of posts."""
    posts_note: str = ""
    """What it answered instead."""
    in_vain: tuple[Noted, ...] = ()
    """Sources that were asked and are none."""
    delay_s: float | None = None
    """What robots.txt asks for."""
    allow_private_network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An outlet file that was drafted."""

    text: str
    outlet: Outlet
    """What the text says, its family included."""
    facts: Facts
    shown: tuple[Page, ...]
    """Pages to extract with it, those of different forms first."""
    lacking: tuple[str, ...]
    """What was not found and what to do about it, a line each."""


def slug_of(url: str) -> str:
    """Return what an outlet file of that site may be called.

    >>> slug_of("https://www.kabar-desa.co.id/"), slug_of("http://127.0.0.1:8000/")
    ('kabar-desa', '127-0-0-1-8000')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    domain = registered_domain(host)
    name = domain.partition(".")[0] if domain != host or not _is_number(host) else host
    if _is_number(host) and parts.port:
        name = f"{host}-{parts.port}"
    made = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60]
    return made if SLUG.fullmatch(made) else "outlet"


def sampled(front: Front, sources: Sequence[Source], most: int = MOST_PAGES) -> list[str]:
    """Choose the pages to fetch: the newest of each source in turn, and some from the past.

    Args:
        front: Whose links serve where sources give too few.
        sources: That answered.
        most: How many.
    """
    queues = [_newest(one.links, front.url) for one in sources if one.kind != "sitemap"]
    past: list[str] = []
    for one in sources:
        if one.kind == "sitemap":
            urls = [url for url in _newest(one.links, front.url) if _is_likely(url, one.links)]
            queues.append(urls)
            past += urls[len(urls) // _OLD :: max(1, len(urls) // _OLD)][:_OLD]
    found: dict[str, None] = {}
    room = most - min(len(past), _OLD)
    for row in zip_longest(*queues):
        for url in row:
            if url is not None and len(found) < room:
                found[url] = None
    found.update(dict.fromkeys(past))
    for url in front.articles():
        found[url] = None
    return list(found)[:most]


def draft(
    site: Site,
    *,
    slug: str,
    families: Mapping[str, str],
    fetch: Fetch,
    today: date,
) -> Draft:
    """Write the outlet file of a site.

    Args:
        site: What was fetched.
        slug: What the file is called.
        families: Name -> TOML text of each family.
        fetch: What holds where the file says nothing.
        today: For the comment.

    Raises:
        KlipingError: None of the pages is an article.
    """
    return _Drafter(site, slug, families, fetch, today).drafted()


def _is_number(host: str) -> bool:
    return bool(re.fullmatch(r"[\d.]+|.*:.*", host))


def _newest(links: Iterable[Link], home: str) -> list[str]:
    """Return addresses of the site's own pages, the newest first where they are dated."""
    own = [one for one in links if is_plain_url(one.url) and belongs(one.url, home)]
    own = [one for one in own if not is_listing(one.url)]
    dated = {one.url: moment for one in own if (moment := one.published_at or one.lastmod_at)}
    urls = list(dict.fromkeys(one.url for one in own))
    if len(dated) <= len(urls) / 2:
        return urls
    return sorted(dated, key=lambda url: dated[url], reverse=True)


def _is_likely(url: str, links: Sequence[Link]) -> bool:
    """Tell whether an address has the form that most entries of its sitemap have."""
    shapes = Counter(one.shape for link in links[:2_000] if (one := address_of(link.url)))
    address = address_of(url)
    return address is not None and shapes[address.shape] >= 0.1 * max(shapes.values(), default=1)


class _Drafter:
    def __init__(
        self,
        site: Site,
        slug: str,
        families: Mapping[str, str],
        fetch: Fetch,
        today: date,
    ) -> None:
        self.site = site
        self.slug = slug
        self.families = families
        self.fetch = fetch
        self.today = today
        self.home = site.front.url
        self.refused: list[Noted] = []
        self.sights: list[Sight] = []
        self.lacking: list[str] = []
        netloc = urlsplit(self.home).netloc.lower().rpartition("@")[2]
        host = (urlsplit(self.home).hostname or "").lower()
        self.rules = Outlet(
            slug=slug,
            name=netloc,
            domains=(netloc, registered_domain(host)),
            fetch=fetch,
            rules_digest="draft",
        )

    def drafted(self) -> Draft:
        self.look()
        facts = self.facts()
        text = written(facts, today=self.today)
        outlet = self.parsed(text)
        examples = self.examples(outlet)
        if examples != facts.examples:
            facts = replace(facts, examples=examples)
            text = written(facts, today=self.today)
            outlet = self.parsed(text)
        return Draft(
            text=text,
            outlet=outlet,
            facts=facts,
            shown=tuple(self.varied(outlet))[:SHOWN],
            lacking=tuple(self.lacking),
        )

    def parsed(self, text: str) -> Outlet:
        return parse_outlet(
            text,
            slug=self.slug,
            where=f"{self.slug}.toml",
            families=self.families,
            fetch=self.fetch,
        )

    # -- which pages are articles

    def look(self) -> None:
        """Tell articles from other pages."""
        made = [(page, process(page, self.rules)) for page in self.site.pages]
        articles = [(page, one) for page, one in made if isinstance(one, Article)]
        dated = [(page, one) for page, one in articles if one.published_at]
        # Where articles are dated, what has no date is a static page.
        kept = dated if len(dated) >= _TRUE * len(articles) else articles
        urls = {page.url for page, _ in kept}
        for page, one in made:
            if isinstance(one, Rejected):
                self.refuse(page, f"{one.reason}: {one.detail}")
            elif page.url not in urls:
                self.refuse(page, "the others are dated, this one is not")
        for page, one in kept:
            sight = sight_of(page, one)
            if sight is None:
                self.refuse(page, "no text was found in its markup")
            else:
                self.sights.append(sight)
        if not self.sights:
            reasons = Counter(one.note.partition(":")[0] for one in self.refused)
            found = ", ".join(f"{count} {name}" for name, count in reasons.most_common(3))
            pages = f"{len(self.site.pages)} pages" if self.site.pages else "no link to one"
            raise KlipingError(
                f"{plain(self.home)}: wanted articles, found {pages}{f': {found}' if found else ''}"
            )

    def refuse(self, page: Page, why: str) -> None:
        self.refused.append(Noted(value=plain(page.url), note=plain(why, 160)))

    # -- facts

    def facts(self) -> Facts:
        urls = [one.article.url for one in self.sights]
        domain = domain_of(self.home, [one.page.final_url for one in self.sights])
        bare = urlsplit(self.home).netloc.lower().rpartition("@")[2].removeprefix("www.")
        language = self.language()
        zones = zones_of(self.sights)
        self.rules = replace(
            self.rules,
            domains=(domain,),
            language=language.value,
            timezone=zone_among(zones, language.value) or _zone_by(language.value),
        )
        documents = [self.site.front.document, *(one.document for one in self.sights)]
        titles = ["", *(one.article.title for one in self.sights)]
        name, where = name_of(documents, titles, domain)
        self.rules = replace(self.rules, name=name or domain)
        founds = bodies_of(self.sights, self.rules)
        fits = self.fits(domain)
        family, fits_well = self.family(fits, founds)
        own = bool(founds) and not fits_well
        if not (own or fits_well):
            self.lacking.append(
                "layouts: no element holds the text on several pages; the general rules read it"
            )
        if not self.site.sources:
            self.lacking.append(
                "sources: no feed, sitemap or listing; without one nothing is crawled"
            )
        base = self.family_rules(family.value, domain)
        match, deny, left_out = self.pattern(urls, base, domain)
        self.rules = replace(
            self.rules, articles=replace(base.articles, match=re.compile(match.value))
        )
        single, single_note = self.single_page(base)
        layouts = tuple(self.layout(one) for one in founds) if own else ()
        return Facts(
            url=plain(self.home),
            slug=self.slug,
            name=Noted(
                value=name or domain, note=f"From {where}." if where else "No page says it."
            ),
            domains=(domain,),
            domains_note=""
            if domain == bare
            else f"The home page is {bare}, articles stand elsewhere below {domain}.",
            language=language,
            timezone=self.timezone(zones),
            family=family,
            pages=len(self.site.pages),
            articles=len(self.sights),
            refused=tuple(self.refused),
            allow_private_network=self.site.allow_private_network,
            feeds=self.sources("feed"),
            sitemaps=self.sources("sitemap"),
            news_sitemaps=self.sources("news_sitemap"),
            listings=self.sources("listing"),
            wordpress=self.wordpress(family.value),
            wordpress_note=self.wordpress_note(),
            asked_in_vain=self.site.in_vain,
            match=match,
            deny=deny,
            left_out=left_out,
            single_page=single,
            single_page_note=single_note,
            layouts=layouts,
            layouts_note="" if fits_well or own else _NO_LAYOUT,
            delay_s=self.site.delay_s,
            articles_per_day=self.rate(),
            filled=self.filled(),
        )

    def language(self) -> Noted:
        spoken = Counter(one.article.language for one in self.sights if one.article.language)
        stated = Counter(
            (one.document.root.get("lang") or "").lower()[:2] or "nothing" for one in self.sights
        )
        value, count = spoken.most_common(1)[0] if spoken else ("id", 0)
        declared = plain(stated.most_common(1)[0][0])
        note = "" if declared == value else f"The pages declare {declared}."
        if count < len(self.sights):
            note = f"Of {count} of {len(self.sights)} texts. {note}".strip()
        return Noted(value=value or "id", note=note)

    def timezone(self, zones: Counter[str]) -> Noted:
        seen = ", ".join(f"{name} ({count})" for name, count in zones.most_common())
        if zone_among(zones, self.rules.language) is None:
            said = f"behind clocks stands {seen}" if seen else "no page says one"
            self.lacking.append(f"timezone: {said}; {self.rules.timezone} is assumed, check it")
            return Noted(value=self.rules.timezone, note=f"Assumed: {said}.")
        return Noted(value=self.rules.timezone, note=f"Behind clocks stands {seen}.")

    # -- template

    def fits(self, domain: str) -> list[Fit]:
        found = []
        for name in self.families:
            try:
                rules = self.family_rules(name, domain)
            except OutletError:
                continue  # its own file is wrong, which `outlets check` says
            fit = (
                fit_of(
                    name, replace(self.rules, layouts=rules.layouts, clean=rules.clean), self.sights
                )
                if rules.layouts
                else None
            )
            if fit is not None:
                found.append(fit)
        # A template of its own says more than microdata.
        return sorted(found, key=lambda one: (-round(one.f1, 2), one.family == "plain", one.family))

    def family_rules(self, family: str, domain: str) -> Outlet:
        named = f'family = "{family}"\n' if family else ""
        return self.parsed(f'name = "x"\ndomains = [{json.dumps(domain)}]\n{named}')

    def family(self, fits: Sequence[Fit], founds: Sequence[Found]) -> tuple[Noted, bool]:
        """Return the family, and whether its layouts are enough."""
        total = len(self.sights)
        own_f1 = sum(one.f1 * len(one.pages) for one in founds) / total
        by_name = {one.family: one for one in fits}
        best = fits[0] if fits else None
        is_wordpress = self.site.front.is_wordpress or self.site.posts is not None
        if (
            is_wordpress
            and "wordpress" in by_name
            and best
            and by_name["wordpress"].f1 >= best.f1 - 0.02
        ):
            best = by_name["wordpress"]
        enough = best is not None and best.pages >= 0.9 * total and best.f1 >= own_f1 - 0.02
        if best is not None and enough:
            names = ", ".join(best.selectors[:3])
            note = f"Its layouts fit {best.pages} of {total} pages ({names})."
            return Noted(value=best.family, note=note), True
        if is_wordpress and "wordpress" in self.families:
            fit = by_name.get("wordpress")
            fitting = fit.pages if fit else 0
            note = f"The site runs WordPress; the family's layouts fit {fitting} of {total} pages."
            return Noted(value="wordpress", note=note), False
        name = "plain" if "plain" in self.families else ""
        return Noted(value=name, note="No family's template fits."), False

    def layout(self, found: Found) -> LayoutFacts:
        total = len(self.sights)
        removed = self.removed(found)
        fields, notes = self.fields(found)
        bad = [n for n in found.pages if n not in found.good]
        without = [n for n in range(total) if n not in found.pages]
        return LayoutFacts(
            body=found.selector,
            note=f"On {len(found.pages)} of {total} pages; on {len(found.good)} of these it holds "
            f"the text that the general rules find (F1 in words {found.f1:.3f}).",
            without=tuple(self.sights[n].article.url for n in (*without, *bad)),
            fields=fields,
            notes=notes,
            remove=removed,
        )

    def removed(self, found: Found) -> tuple[Noted, ...]:
        some = removable(self.sights, found)
        if not some:
            return ()
        rules = replace(self.rules, layouts=(layout_of(found.selector, tuple(some)),))
        plainly = replace(self.rules, layouts=(layout_of(found.selector),))
        kept = all(
            agreement(sight, process(sight.page, rules))
            >= agreement(sight, process(sight.page, plainly)) - 0.01
            for sight in (self.sights[n] for n in found.good)
        )
        if not kept:
            return ()
        return tuple(
            Noted(value=name, note=f"On {count} pages: {told}" if told else f"On {count} pages.")
            for name, (count, told) in some.items()
        )

    def fields(self, found: Found) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
        """Find selectors for what the general rules do not see in that template."""
        rules = replace(self.rules, layouts=(layout_of(found.selector),))
        made = {n: process(self.sights[n].page, rules) for n in found.good}
        fields: dict[str, tuple[str, ...]] = {}
        notes: dict[str, str] = {}
        for key, column in (("published", "published_at"), ("authors", "authors")):
            lacking = [
                n
                for n, one in made.items()
                if isinstance(one, Article) and not getattr(one, column)
            ]
            if len(lacking) < max(2, 0.1 * len(found.good)):
                continue
            selector = (
                date_selector(self.sights, lacking, self.rules)
                if key == "published"
                else author_selector(self.sights, lacking)
            )
            if selector is None:
                continue
            known = Counter(
                one.provenance[column].removeprefix("selector:")
                for n, one in made.items()
                if n not in lacking and isinstance(one, Article) and column in one.provenance
            )
            first = [
                text for text, _ in known.most_common(2) if text.startswith(("jsonld:", "meta:"))
            ]
            fields[key] = (*first, selector)
            notes[key] = f"The general rules find none on {len(lacking)} of {len(made)} pages."
        return fields, notes

    # -- addresses

    def pattern(
        self, urls: Sequence[str], base: Outlet, domain: str
    ) -> tuple[Noted, str, tuple[str, ...]]:
        articles = list(dict.fromkeys((*urls, *self.listed(urls))))
        known = set(articles)
        others = dict.fromkeys(self.site.front.others())
        for sight in self.sights:
            others.update(dict.fromkeys(no_articles(anchors_of(sight.document), self.home)))
        others.update(
            (one.value, None)
            for one in self.refused
            if "dated" in one.note or "not_article" in one.note
        )
        wrong = [url for url in others if url not in known]
        denied = base.articles.deny
        hit = [url for url in urls if denied and denied.search(url)]
        if denied and len(hit) > 0.1 * len(urls):
            denied = None  # what the family takes for a listing is the name of articles here
        found = pattern_of(articles, wrong, (domain,), denied=denied)
        pattern = re.compile(found.match)
        own = sum(bool(pattern.search(url)) for url in urls)
        rest = [url for url in articles if url not in set(urls)]
        also = sum(bool(pattern.search(url)) for url in rest)
        note = (
            f"Finds {own} of {len(urls)} articles"
            + (f" and {also} of {len(rest)} other links of the sources" if rest else "")
            + f"; {len(wrong)} other addresses were seen (home, sections, tags, static pages)."
        )
        deny = found.deny
        if base.articles.deny and (deny or denied is None):
            # The outlet's own replaces the family's.
            pieces = [denied.pattern if denied else "", deny]
            deny = "|".join(piece for piece in pieces if piece)
            if not deny:
                deny = _LISTED
        return Noted(value=found.match, note=note), deny, found.left_out

    def listed(self, urls: Sequence[str]) -> list[str]:
        """Return what sources list, of those whose fetched pages were nearly all articles."""
        fetched = {page.url for page in self.site.pages}
        shapes = {one.shape for url in urls if (one := address_of(url))}
        good = {page.url for page in (one.page for one in self.sights)}
        found: dict[str, None] = {}
        for source in self.site.sources:
            links = [one.url for one in source.links if is_plain_url(one.url)]
            tried = [url for url in links if url in fetched]
            if len([url for url in tried if url in good]) < _TRUE * max(1, len(tried)):
                continue
            for url in links[:500]:
                address = address_of(url)
                if belongs(url, self.home) and address is not None and address.shape in shapes:
                    found[canonical_url(url, outlet=self.rules)] = None
        return [url for url in found if not is_listing(url)]

    def single_page(self, base: Outlet) -> tuple[tuple[str, str] | None, str]:
        found = single_page_of(self.sights, self.rules)
        if base.articles.single_page is not None:
            given = base.articles.single_page
            told = given.query or given.path or given.pages
            return None, f"Articles in several pages: the family asks for {told}."
        if found is None:
            return None, ""
        key, value, count = found
        return (key, value), f"{count} of {len(self.sights)} pages link to further parts like this."

    # -- sources

    def sources(self, kind: Kind) -> tuple[Noted, ...]:
        some = (one for one in self.site.sources if one.kind == kind)
        return tuple(Noted(value=one.url, note=one.note) for one in some)

    def wordpress(self, family: str) -> bool | None:
        if self.site.posts is not None:
            return True
        return False if family == "wordpress" or self.site.posts_note else None

    def wordpress_note(self) -> str:
        if self.site.posts is None:
            return f"/wp-json/wp/v2/posts: {self.site.posts_note}" if self.site.posts_note else ""
        shares = [share for sight in self.sights if (share := self.share_in_api(sight)) is not None]
        start = "/wp-json/wp/v2/posts answers"
        if not shares:
            return f"{start}; none of its posts is among the pages fetched."
        if min(shares) >= _WHOLE:
            return (
                f"{start} with the whole text of {len(shares)} posts that were compared: "
                'content = "wordpress" below [articles] would save fetching pages.'
            )
        return (
            f"{start}, but of {len(shares)} posts that were compared with their pages one has only "
            f"{min(shares):.0%} of the words."
        )

    def share_in_api(self, sight: Sight) -> float | None:
        """Return which share of a page's words the API's text has; `None` where it is not there."""
        if self.site.posts is None:
            return None
        try:
            posts = json.loads(self.site.posts.payload)
        except (ValueError, RecursionError):
            return None
        for post in posts if isinstance(posts, list) else ():
            if not isinstance(post, dict) or _place(str(post.get("link"))) != _place(
                sight.article.url
            ):
                continue
            text = json.dumps([post])
            try:
                document = post_document(text, str(post.get("id")), self.home)
            except KlipingError:
                return None
            words = Counter(re.findall(r"\w+", document.root.text_content().lower()))
            total = sight.words.total()
            return (words & sight.words).total() / total if total else None
        return None

    def rate(self) -> Noted | None:
        best: Noted | None = None
        for source in self.site.sources:
            moments = sorted(one.published_at for one in source.links if one.published_at)
            if source.kind not in ("feed", "news_sitemap", "wordpress") or len(moments) < _RATED:
                continue
            days = (moments[-1] - moments[0]).total_seconds() / _DAY_S
            if days <= 0:
                continue
            rate = len(moments) / days
            if rate >= 1 and (best is None or rate / 2 > float(best.value)):
                note = f"Half of what was seen: {len(moments)} in {days:.1f} days, by {source.url}."
                best = Noted(value=f"{max(1, int(rate / 2))}", note=note)
        return best

    def filled(self) -> dict[str, float]:
        names = ("published_at", "authors", "section", "tags", "image_url")
        total = len(self.sights)
        found = {n: sum(bool(getattr(s.article, n)) for s in self.sights) / total for n in names}
        for name in ("published_at", "authors"):
            if found[name] < _TRUE:
                what = {"published_at": "published", "authors": "authors"}[name]
                self.lacking.append(
                    f"{name}: on {found[name]:.0%} of the articles; give [[layouts]] a selector "
                    f"for {what} if the pages show it"
                )
        return {name: found[name] for name in names[:3]}

    # -- what it is tried on

    def examples(self, outlet: Outlet) -> tuple[str, ...]:
        """Return articles that the file itself finds, under their own addresses."""
        found = []
        for sight in self.varied_sights():
            url = canonical_url(sight.article.url, outlet=outlet)
            whole = canonical_url(single_page_url(url, outlet), outlet=outlet)
            fine = outlet.owns(url) and outlet.is_article(url) and whole == url
            if fine and is_plain_url(url) and url not in found:
                found.append(url)
        if not found:
            self.lacking.append("examples: match finds none of the articles; mend it by hand")
        return tuple(found[:SHOWN])

    def varied(self, outlet: Outlet) -> list[Page]:
        some = [one for one in self.varied_sights() if outlet.is_article(one.article.url)]
        return [one.page for one in some or self.sights]

    def varied_sights(self) -> list[Sight]:
        """Return the articles, one of each form of address first."""
        by_shape: dict[object, list[Sight]] = {}
        for sight in self.sights:
            address = address_of(sight.article.url)
            by_shape.setdefault(address.shape if address else None, []).append(sight)
        return [one for row in zip_longest(*by_shape.values()) for one in row if one is not None]


_LISTED = r"/(?:tag|tags|topic|indeks|search|cari|author|penulis)(?:/|$|\?)"
"""What is denied where the family's own list would hit articles."""


_NO_LAYOUT = (
    "No element holds the text on several pages: the general rules read it. A [[layouts]] with a "
    "body of its own would be surer."
)


def _zone_by(language: str) -> str:
    return "Asia/Kuala_Lumpur" if language == "ms" else "Asia/Jakarta"


def _place(url: str) -> str:
    return urlsplit(url).path.rstrip("/")
