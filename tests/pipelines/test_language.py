from __future__ import annotations

import pytest

from pipelines.language import language_of

TEXTS = {
    "id": "Pemerintah kota akan menaikkan tarif bus mulai pekan depan karena biaya bahan bakar "
    "terus naik. Warga meminta agar jadwal malam ditambah, kata wali kota kepada wartawan.",
    "ms": "Kerajaan negeri akan menaikkan tambang bas bermula minggu hadapan kerana kos bahan api "
    "terus meningkat. Orang ramai meminta supaya jadual malam ditambah, kata Menteri Besar "
    "kepada pemberita di sini semalam. Beliau berkata pihaknya sedang mengkaji perkara itu.",
    "jv": "Pamarentah kutha arep ngundhakake rega karcis bis wiwit minggu ngarep amarga rega lenga "
    "tansah mundhak. Wong-wong padha njaluk supaya jadwal wengi ditambah, ujare walikutha marang "
    "wartawan wingi sore.",
    "en": "The city government will raise bus fares from next week because fuel costs keep rising, "
    "and residents asked for more night services, the mayor told reporters on Monday.",
    "ar": "أعلنت الحكومة اليوم رفع أسعار الحافلات ابتداء من الأسبوع المقبل بسبب ارتفاع التكاليف.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_languages(code: str) -> None:
    found, sure = language_of(TEXTS[code])
    assert found == code
    assert sure is not None
    assert 0 < sure <= 1
    assert language_of(TEXTS[code]) == (found, sure)


def test_no_words_have_no_language() -> None:
    assert language_of("12 / 34 - 56") == (None, None)
