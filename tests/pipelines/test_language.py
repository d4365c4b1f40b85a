from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import language_words
from pipelines.language import language_of

ARTICLES = {
    "id": "Pemerintah kota akan menaikkan tarif bus mulai pekan depan karena biaya bahan bakar "
    "terus naik. Warga meminta agar jadwal malam ditambah, kata wali kota kepada wartawan.",
    "ms": "Kerajaan negeri akan menaikkan tambang bas bermula minggu hadapan kerana kos bahan api "
    "terus meningkat. Orang ramai meminta supaya jadual malam ditambah, kata Menteri Besar "
    "kepada pemberita di sini semalam. Beliau berkata pihaknya sedang mengkaji perkara itu.",
    "jv": "Pamarentah kutha arep ngundhakake rega karcis bis wiwit minggu ngarep amarga rega lenga "
    "tansah mundhak. Wong-wong padha njaluk supaya jadwal wengi ditambah, ujare walikutha marang "
    "wartawan wingi sore.",
    "su": "Pamaréntah kota badé naékkeun ongkos beus ti minggu payun lantaran harga bahan bakar "
    "terus naék. Warga ménta sangkan jadwal peuting ditambah, saur walikota ka wartawan kamari.",
    "en": "The city government will raise bus fares from next week because fuel costs keep rising, "
    "and residents asked for more night services, the mayor told reporters on Monday.",
    "nl": "Het gemeentebestuur verhoogt vanaf volgende week de tarieven van de bus, omdat de "
    "brandstof steeds duurder wordt, zei de burgemeester maandag tegen verslaggevers.",
    "de": "Die Stadtverwaltung erhöht von der kommenden Woche an die Fahrpreise der Busse, weil "
    "der Treibstoff immer teurer wird, sagte der Bürgermeister am Montag.",
    "fr": "La ville augmentera le prix des autobus dès la semaine prochaine, car le carburant "
    "coûte de plus en plus cher, a déclaré le maire aux journalistes.",
    "es": "El ayuntamiento subirá el precio de los autobuses a partir de la próxima semana porque "
    "el combustible es cada vez más caro, dijo el alcalde a la prensa.",
    "tl": "Itataas ng pamahalaang lungsod ang pasahe sa bus simula sa susunod na linggo dahil "
    "patuloy na tumataas ang presyo ng gasolina, sabi ng alkalde sa mga mamamahayag.",
    "ar": "أعلنت الحكومة اليوم رفع أسعار الحافلات ابتداء من الأسبوع المقبل بسبب ارتفاع التكاليف.",
    "fa": "شهرداری اعلام کرد که از هفته آینده بهای بلیت اتوبوس به دلیل گرانی سوخت افزایش می‌یابد.",
    "zh": "市政府宣布从下周起公共汽车票价将会提高。燃料成本不断上涨。居民要求增加夜班车。",
    "ja": "市は燃料費の値上がりが続いているため、来週からバスの運賃を引き上げると発表した。",
    "ru": "Городские власти повысят цены на автобусы из-за роста цен на топливо.",
}

SENTENCES = [
    ("id", "Polisi menangkap dua tersangka pencurian mobil di kantor bupati, Senin."),
    ("id", "Harga beras di pasar induk naik karena pasokan dari daerah berkurang."),
    ("id", "Menurut dia, warga bisa mengambil uang itu di bank mulai besok."),
    ("ms", "Polis menahan dua suspek kes curi kereta di pejabat daerah, Isnin."),
    ("ms", "Harga beras di pasar borong naik kerana bekalan dari negeri lain berkurangan."),
    ("ms", "Menurut beliau, penduduk boleh mengambil wang itu di bank mulai esok."),
    ("jv", "Rega beras ing pasar mundhak amarga panenan saka desa ora akeh."),
    ("jv", "Bapak lan ibu wis padha tindak menyang sawah wiwit esuk mau."),
    ("su", "Harga béas di pasar naék sabab panén ti lembur teu pati loba."),
    ("su", "Bapa sareng ema parantos angkat ka sawah ti énjing-énjing kénéh."),
    ("en", "Rice prices rose at the market because less came from the villages."),
]


@pytest.mark.parametrize("code", ARTICLES)
def test_languages_of_paragraphs(code: str) -> None:
    found, sure = language_of(ARTICLES[code])
    assert found == code
    assert sure is not None
    assert 0.5 < sure <= 1


@pytest.mark.parametrize(("code", "sentence"), SENTENCES)
def test_languages_of_one_sentence(code: str, sentence: str) -> None:
    assert language_of(sentence)[0] == code


@pytest.mark.parametrize("text", ["", " \n", "12 / 34 - 56", "2-1", "Rp 12.000", "Hm."])
def test_no_words_have_no_language(text: str) -> None:
    assert language_of(text) == (None, None)


@pytest.mark.parametrize("text", ["Arsenal 2 Liverpool 1", "Sukoharjo, Wonogiri"])
def test_names_alone_have_no_language(text: str) -> None:
    assert language_of(text) == (None, None)


def test_the_same_text_has_the_same_language_whatever_came_before() -> None:
    first = [language_of(text) for text in ARTICLES.values()]
    again = [language_of(text) for text in reversed(ARTICLES.values())]
    assert first == again[::-1]


def test_every_process_says_the_same() -> None:
    told = "from pipelines.language import language_of; import sys; print(language_of(sys.argv[1]))"
    said = {
        subprocess.run(
            [sys.executable, "-c", told, ARTICLES["ms"]],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(language_words.__file__).parents[1],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{language_of(ARTICLES['ms'])}\n"}


def test_more_text_is_surer() -> None:
    short, long = "Harga naik karena banjir, kata bupati.", ARTICLES["id"]
    assert (language_of(short)[1] or 0) < (language_of(long)[1] or 0)


@pytest.mark.parametrize("code", ["id", "ms", "jv", "su", "en"])
def test_capitals_change_nothing(code: str) -> None:
    assert language_of(ARTICLES[code].upper())[0] == code


@pytest.mark.parametrize("quote", ["ar", "en", "jv"])
def test_an_indonesian_article_that_quotes_stays_indonesian(quote: str) -> None:
    told = (
        f"{ARTICLES['id']}\n“{ARTICLES[quote]}”\nDemikian dikatakan wali kota saat ditemui di "
        "kantornya. Menurut dia, tarif baru berlaku untuk semua jalur, termasuk bus sekolah, dan "
        "akan ditinjau lagi setelah enam bulan bersama dewan perwakilan rakyat daerah."
    )
    assert language_of(told)[0] == "id"


def test_addresses_and_code_do_not_speak() -> None:
    noisy = (
        f"{ARTICLES['ms']} https://example.org/the/of/and/with/from/that?this=there "
        "editor@the-and-of.example @TheAndOf #TheThatWith <div>{}</div> x = y[0];"
    )
    assert language_of(noisy) == language_of(ARTICLES["ms"])


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    article = f"{ARTICLES['id']}\n" * 60
    assert language_of(article + ARTICLES["en"] * 40) == language_of(article)


def test_no_word_speaks_for_indonesian_and_for_malay() -> None:
    assert set(language_words.INDONESIAN) & set(language_words.MALAY) == set()
    weighed = set(language_words.INDONESIAN) | set(language_words.MALAY)
    assert weighed & set(language_words.NEUTRAL) == set()


@pytest.mark.parametrize(
    "name", ["SHARED", "INDONESIAN", "MALAY", "NEUTRAL", "JAVANESE", "SUNDANESE", "ENGLISH"]
)
def test_words_stand_as_they_are_looked_up(name: str) -> None:
    words = getattr(language_words, name)
    assert words
    assert [word for word in words if not (word.isascii() and word.isalpha())] == []
    assert [word for word in words if word != word.lower()] == []


def test_figures_speak_where_the_words_do_not() -> None:
    told = "Jumlah bantuan itu {} untuk tiga kampung di tepi sungai"
    assert language_of(told.format("RM1,250,000"))[0] == "ms"
    assert language_of(told.format("Rp1.250.000"))[0] == "id"
