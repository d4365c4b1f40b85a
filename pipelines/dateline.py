"""First paragraph -> the place in front of the lead, as written there; nothing is cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*[\w.]"
_PLACE = rf"{_WORD}(?:[ /-](?:{_WORD}|di|of|de|el|al|dan|und)){{0,3}}(?:, {_WORD}(?: {_WORD})?)??"
_DASH = r"\s*(?:[-–—−]{1,3}|:)\s*"
_SITE = r"[\w.-]+\.(?:com|co\.id|id|net|org|tv|news)"
_AGENCY = r"(?:Antara(?: News)?|Reuters|AFP|AP|Xinhua|Anadolu|Bernama|DPA|MINA|BBC|VOA|CNN|Sputnik)"

_BRAND_AFTER = (
    r"^(?P<place>{place})\s*[,|/(]\s*(?:{brand})(?:\s*[/,][^-–—]{{0,40}})?\s*\)?\s*,?{dash}"
)
_BRAND_BEFORE = r"^(?:{brand})\s*[,|]\s*(?P<place>{place})(?:\s*\([^)]{{0,30}}\))?{dash}"
_BARE = re.compile(rf"^(?P<place>{_PLACE})(?:\s*\([^)]{{1,40}}\))?\s+(?:[-–—−]{{1,3}})\s+")

PLACES = frozenset(
    (  # noqa: SIM905 - a table reads better packed
        "jakarta,surabaya,bandung,medan,semarang,makassar,palembang,depok,tangerang,"
        "bekasi,bogor,batam,pekanbaru,padang,denpasar,malang,samarinda,banjarmasin,"
        "tasikmalaya,pontianak,cimahi,balikpapan,jambi,surakarta,solo,serang,mataram,"
        "yogyakarta,manado,kupang,bengkulu,palu,sukabumi,kendari,cirebon,ambon,"
        "pekalongan,kediri,jayapura,banda aceh,ternate,gorontalo,mamuju,manokwari,sorong,"
        "tarakan,pangkalpinang,bandarlampung,bandar lampung,tanjungpinang,tanjung pinang,"
        "palangkaraya,palangka raya,merauke,nunukan,cilegon,purwokerto,magelang,madiun,"
        "blitar,jember,banyuwangi,sidoarjo,gresik,lamongan,tuban,karawang,purwakarta,"
        "subang,garut,cianjur,cilacap,tegal,brebes,klaten,sleman,bantul,lombok,bali,"
        "papua,aceh,riau,lampung,banten,nusantara,doha,gaza,teheran,tehran,baghdad,"
        "bagdad,damaskus,beirut,ramallah,yerusalem,jerusalem,al-quds,tel aviv,riyadh,"
        "jeddah,mekah,makkah,madinah,kairo,cairo,amman,sanaa,ankara,istanbul,dubai,"
        "abu dhabi,kuwait,manama,muscat,kabul,islamabad,karachi,lahore,new delhi,mumbai,"
        "dhaka,colombo,beijing,shanghai,hong kong,taipei,tokyo,seoul,pyongyang,manila,"
        "hanoi,bangkok,phnom penh,yangon,kuala lumpur,putrajaya,singapura,singapore,"
        "bandar seri begawan,dili,canberra,sydney,melbourne,wellington,london,paris,"
        "berlin,roma,madrid,barcelona,lisbon,brussels,brussel,amsterdam,den haag,jenewa,"
        "zurich,wina,warsawa,kiev,kyiv,moskow,moscow,athena,stockholm,oslo,helsinki,"
        "kopenhagen,washington,new york,los angeles,chicago,ottawa,toronto,havana,"
        "caracas,brasilia,buenos aires,johor bahru,george town,kota kinabalu,kuching,"
        "shah alam,ipoh,nairobi,abuja,tripoli,tunis,vatikan,qom,isfahan,mashhad,najaf,"
        "karbala,khartoum,pretoria,cape town"
    ).split(",")
)
"""Places that a bare dash may follow; any other needs capitals throughout, or the outlet's name."""


def dateline_in(
    lead: str, *, brands: Sequence[str], rules: Sequence[re.Pattern[str]] = ()
) -> str | None:
    """Return the place that opens the lead, `None` if there is none.

    Args:
        lead: The first paragraph.
        brands: Names of the outlet, as it may write them in front of the dash.
        rules: The outlet's own patterns, with a group `place`; where one matches it decides.

    >>> dateline_in("Doha, Kabar Kita – Menteri itu tiba.", brands=["Kabar Kita"])
    'Doha'
    >>> dateline_in("KABAR.CO.ID, MEDAN -- Dua hari lalu", brands=[])
    'MEDAN'
    >>> dateline_in("Ronaldo - pemain itu - kembali", brands=[])
    """
    opening = lead[:160].strip()
    for rule in rules:
        match = rule.match(opening)
        if match:
            place = match.groupdict().get("place")
            if place and place.strip(" ,-–—("):
                return place.strip(" ,-–—(")
    known = "|".join(re.escape(brand) for brand in brands if brand)
    brand = f"(?i:{known})|(?i:{_SITE})|{_AGENCY}" if known else f"(?i:{_SITE})|{_AGENCY}"
    for shape in (_BRAND_BEFORE, _BRAND_AFTER):
        match = re.match(shape.format(place=_PLACE, brand=brand, dash=_DASH), opening)
        if match:
            return match["place"].strip(" ,")
    match = _BARE.match(opening)
    if not match:
        return None
    place = match["place"].strip(" ,")
    is_place = place.split(",")[0].casefold() in PLACES or (place.isupper() and len(place) > 3)  # noqa: PLR2004 - PBB and KPK are no places
    return place if is_place else None
