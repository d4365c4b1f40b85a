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
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.draft_addresses import address_of, pattern_of
from pipelines.draft_layout import MOST_TAGS, Sight, is_ordinary, sight_of
from pipelines.draft_site import (
    anchors_of,
    domain_of,
    is_plain_url,
    name_of,
    no_articles,
    plain,
    single_page_of,
    zone_among,
    zones_of,
)
from pipelines.draft_sources import TRUE, listed, rate, wordpress_note
from pipelines.draft_template import template_for
from pipelines.draft_toml import Facts, Noted, written
from pipelines.errors import KlipingError
from pipelines.outlets import Fetch, Outlet, parse_outlet, registered_domain
from pipelines.process import process
from pipelines.records import Article, Rejected
from pipelines.urls import canonical_url, single_page_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from pipelines.draft_seen import Kind, Site
    from pipelines.records import Page

SHOWN = 5
"""Articles that are extracted with a draft."""

_FEW = 0.1
"""Share of the articles that a family's `deny` may hit."""
_LISTED = r"/(?:tag|tags|topic|indeks|search|cari|author|penulis)(?:/|$|\?)"
"""What is denied where the family's own list would hit articles."""


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
    drafter = _Drafter(site, slug, families, fetch)
    drafter.look()
    facts = drafter.facts()
    outlet = drafter.parsed(written(facts, today=today))
    facts = replace(facts, examples=drafter.examples(outlet), filled=drafter.filled(outlet))
    text = written(facts, today=today)
    return Draft(
        text=text,
        outlet=drafter.parsed(text),
        facts=facts,
        shown=tuple(one.page for one in drafter.varied(outlet))[:SHOWN],
        lacking=tuple(drafter.lacking),
    )


class _Drafter:
    def __init__(self, site: Site, slug: str, families: Mapping[str, str], fetch: Fetch) -> None:
        self.site = site
        self.slug = slug
        self.families = families
        self.fetch = fetch
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

    def parsed(self, text: str) -> Outlet:
        return parse_outlet(
            text,
            slug=self.slug,
            where=f"{self.slug}.toml",
            families=self.families,
            fetch=self.fetch,
        )

    # Which pages are articles.

    def look(self) -> None:
        """Tell articles from other pages."""
        made = []
        for page in self.site.pages:
            if is_ordinary(page):
                made.append((page, process(page, self.rules)))
            else:
                self.refuse(page, f"too_large: more than {MOST_TAGS} tags")
        articles = [one for _, one in made if isinstance(one, Article)]
        dated = sum(one.published_at is not None for one in articles)
        # Where articles are dated, what has no date is a static page.
        are_dated = dated >= TRUE * len(articles)
        for page, one in made:
            if isinstance(one, Rejected):
                self.refuse(page, f"{one.reason}: {one.detail}")
            elif are_dated and one.published_at is None:
                self.refuse(page, "undated: most others are dated")
            elif (sight := sight_of(page, one)) is None:
                self.refuse(page, "no_body: no text was found in its markup")
            else:
                self.sights.append(sight)
        if not self.sights:
            reasons = Counter(one.note.partition(":")[0] for one in self.refused)
            told = ", ".join(f"{count} {name}" for name, count in reasons.most_common(3))
            pages = f"{len(self.site.pages)} pages: {told}" if told else "no link to one"
            raise KlipingError(f"{plain(self.home)}: wanted articles, found {pages}")

    def refuse(self, page: Page, why: str) -> None:
        self.refused.append(Noted(value=plain(page.url), note=plain(why, 160)))

    # Facts.

    def facts(self) -> Facts:
        domain = domain_of(self.home, [one.page.final_url for one in self.sights])
        bare = urlsplit(self.home).netloc.lower().rpartition("@")[2].removeprefix("www.")
        language = self.language()
        zones = zones_of(self.sights)
        timezone = self.timezone(zones, language.value)
        self.rules = replace(
            self.rules, domains=(domain,), language=language.value, timezone=timezone.value
        )
        name = self.name(domain)
        self.rules = replace(self.rules, name=name.value)
        template = template_for(
            self.sights,
            self.rules,
            self.families,
            lambda family: self.family_rules(family, domain),
            is_wordpress=self.site.front.is_wordpress or self.site.posts is not None,
        )
        if template.note:
            self.lacking.append("body: no element holds the text on several pages")
        if not self.site.sources:
            self.lacking.append("sources: no feed, sitemap or listing; nothing can be crawled")
        base = self.family_rules(template.family.value, domain)
        match, deny, left_out = self.pattern(base, domain)
        rules = replace(self.rules, articles=replace(base.articles, match=re.compile(match.value)))
        single, single_note = self.single_page(base, rules)
        return Facts(
            url=plain(self.home),
            slug=self.slug,
            name=name,
            domains=(domain,),
            domains_note=""
            if domain == bare
            else f"The home page is {bare}; articles stand elsewhere below {domain}.",
            language=language,
            timezone=timezone,
            family=template.family,
            pages=len(self.site.pages),
            articles=len(self.sights),
            refused=tuple(self.refused),
            allow_private_network=self.site.allow_private_network,
            feeds=self.sources("feed"),
            sitemaps=self.sources("sitemap"),
            news_sitemaps=self.sources("news_sitemap"),
            listings=self.sources("listing"),
            wordpress=self.wordpress(template.family.value),
            wordpress_note=wordpress_note(self.site, self.sights),
            asked_in_vain=self.site.in_vain,
            match=match,
            deny=deny,
            left_out=left_out,
            single_page=single,
            single_page_note=single_note,
            layouts=template.layouts,
            layouts_note=template.note,
            delay_s=self.site.delay_s,
            articles_per_day=rate(self.site.sources),
        )

    def family_rules(self, family: str, domain: str) -> Outlet:
        named = f'family = "{family}"\n' if family else ""
        return self.parsed(f'name = "x"\ndomains = [{json.dumps(domain)}]\n{named}')

    def name(self, domain: str) -> Noted:
        documents = [self.site.front.document, *(one.document for one in self.sights)]
        titles = ["", *(one.article.title for one in self.sights)]
        name, where = name_of(documents, titles, domain)
        note = f"From {where}." if where and name else "No page says it."
        return Noted(value=name or domain, note=note)

    def language(self) -> Noted:
        spoken = Counter(one.article.language for one in self.sights if one.article.language)
        stated = Counter(
            (one.document.root.get("lang") or "").lower()[:2] or "nothing" for one in self.sights
        )
        value, count = spoken.most_common(1)[0] if spoken else ("id", 0)
        declared = plain(stated.most_common(1)[0][0])
        notes = [f"Of {count} of {len(self.sights)} texts."] if count < len(self.sights) else []
        notes += [f"The pages declare {declared}."] if declared != value else []
        return Noted(value=value or "id", note=" ".join(notes))

    def timezone(self, zones: Counter[str], language: str) -> Noted:
        seen = ", ".join(f"{name} ({count})" for name, count in zones.most_common())
        said = f"behind clocks stands {seen}" if seen else "no page says one"
        zone = zone_among(zones, language)
        if zone is not None:
            return Noted(value=zone, note=f"{said[0].upper()}{said[1:]}.")
        zone = "Asia/Kuala_Lumpur" if language == "ms" else "Asia/Jakarta"
        self.lacking.append(f"timezone: {said}; {zone} is assumed, check it")
        return Noted(value=zone, note=f"Assumed: {said}.")

    # Addresses.

    def pattern(self, base: Outlet, domain: str) -> tuple[Noted, str, tuple[str, ...]]:
        urls = list(dict.fromkeys(one.article.url for one in self.sights))
        rest = [url for url in listed(self.site, self.sights, self.rules) if url not in urls]
        wrong = self.others({*urls, *rest})
        denied = base.articles.deny
        if denied and sum(bool(denied.search(url)) for url in urls) > _FEW * len(urls):
            denied = None  # what the family takes for a listing is the name of articles here
        found = pattern_of([*urls, *rest], wrong, (domain,), denied=denied)
        deny = found.deny
        if base.articles.deny and (deny or denied is None):
            # The outlet's own replaces the family's.
            own = denied.pattern if denied else _LISTED
            deny = f"{own}|{deny}" if deny else own
        finds = _finder(found.match, deny or (denied.pattern if denied else ""))
        got, also, false = (sum(map(finds, some)) for some in (urls, rest, wrong))
        more = f" and {also} of {len(rest)} other links of the sources" if rest else ""
        note = (
            f"Finds {got} of {len(urls)} articles{more}, and {false} of {len(wrong)} other "
            "addresses that were seen (home, sections, tags, static pages)."
        )
        if false:
            self.lacking.append(f"deny: {false} addresses that are no articles are still found")
        left_out = tuple(url for url in (*urls, *rest) if not finds(url))
        return Noted(value=found.match, note=note), deny, left_out

    def others(self, articles: set[str]) -> list[str]:
        """Return addresses that were seen and are no articles."""
        found = dict.fromkeys(self.site.front.others())
        for sight in self.sights:
            found.update(dict.fromkeys(no_articles(anchors_of(sight.document), self.home)))
        for one in self.refused:
            # One with a date or a number in it may be a gallery, or an article without a date.
            address = address_of(one.value)
            if address is not None and not address.is_telling:
                found[one.value] = None
        return [url for url in found if canonical_url(url, outlet=self.rules) not in articles]

    def single_page(self, base: Outlet, rules: Outlet) -> tuple[tuple[str, str] | None, str]:
        given = base.articles.single_page
        if given is not None:
            told = given.query or given.path or given.pages
            return None, f"Articles in several pages: the family asks for {told}."
        found = single_page_of(self.sights, rules)
        if found is None:
            return None, ""
        key, value, count = found
        return (key, value), f"{count} of {len(self.sights)} pages link to further parts like this."

    # Sources.

    def sources(self, kind: Kind) -> tuple[Noted, ...]:
        some = (one for one in self.site.sources if one.kind == kind)
        return tuple(Noted(value=one.url, note=one.note) for one in some)

    def wordpress(self, family: str) -> bool | None:
        if self.site.posts is not None:
            return True
        return False if family == "wordpress" or self.site.posts_note else None

    # What the draft makes of the pages.

    def filled(self, outlet: Outlet) -> dict[str, float]:
        """Return column -> share of the articles that have it by the draft."""
        made = [process(one.page, outlet) for one in self.sights]
        articles = [one for one in made if isinstance(one, Article)]
        found = {}
        for column, key in (("published_at", "published"), ("authors", "authors"), ("section", "")):
            share = sum(bool(getattr(one, column)) for one in articles) / max(1, len(articles))
            found[column] = share
            if key and share < TRUE:
                self.lacking.append(
                    f"{column}: on {share:.0%} of the articles; if pages show it, name its "
                    f"element in [[layouts]] as {key}"
                )
        return found

    def examples(self, outlet: Outlet) -> tuple[str, ...]:
        """Return articles that the draft finds, under their own addresses."""
        found: dict[str, None] = {}
        for sight in self.varied(outlet):
            url = canonical_url(sight.article.url, outlet=outlet)
            whole = canonical_url(single_page_url(url, outlet), outlet=outlet)
            fine = outlet.owns(url) and outlet.is_article(url) and whole == url
            if fine and is_plain_url(url):
                found[url] = None
        if not found:
            self.lacking.append("match: it finds none of the articles; mend it by hand")
        return tuple(found)[:SHOWN]

    def varied(self, outlet: Outlet) -> list[Sight]:
        """Return the articles that the draft finds, one of each form of address first."""
        by_shape: dict[object, list[Sight]] = {}
        some = [one for one in self.sights if outlet.is_article(one.article.url)]
        for sight in some or self.sights:
            address = address_of(sight.article.url)
            by_shape.setdefault(address.shape if address else None, []).append(sight)
        return [one for row in zip_longest(*by_shape.values()) for one in row if one is not None]


def _finder(match: str, deny: str) -> Callable[[str], bool]:
    wanted, unwanted = re.compile(match), re.compile(deny or "(?!)")
    return lambda url: bool(wanted.search(url)) and not unwanted.search(url)
