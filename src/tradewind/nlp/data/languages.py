"""Which language a text is probably in, for a report: by script, and for Latin letters by function words.

Good enough to notice that a file is not in the language somebody believed; no model, no dependency. Short texts
without a function word are `und` (ISO 639: undetermined).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

UNDETERMINED = "und"

_SCRIPTS: Mapping[str, re.Pattern[str]] = {
    language: re.compile(f"[{ranges}]")
    for language, ranges in {
        "ja": "\u3040-\u30ff\uff66-\uff9d",
        "zh": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
        "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
        "ar": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
        "he": "\u0590-\u05ff",
        "ru": "\u0400-\u052f",
        "el": "\u0370-\u03ff\u1f00-\u1fff",
        "th": "\u0e00-\u0e7f",
        "hi": "\u0900-\u097f",
        "bn": "\u0980-\u09ff",
        "ta": "\u0b80-\u0bff",
        "te": "\u0c00-\u0c7f",
        "ka": "\u10a0-\u10ff",
        "hy": "\u0530-\u058f",
        "km": "\u1780-\u17ff",
        "lo": "\u0e80-\u0eff",
        "my": "\u1000-\u109f",
        "am": "\u1200-\u137f",
    }.items()
}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+")

# Letters that settle a language within its script.
_TELLTALES: tuple[tuple[str, str, str], ...] = (
    ("ru", "uk", "іїєґ"),
    ("ru", "sr", "ђћљњџј"),
    ("ar", "fa", "پچژگ"),
)

_FUNCTION_WORDS: Mapping[str, str] = {
    "en": "the a an is are was were be been am do does did not don't i i'm i've me my you your it its he she we they "
    "them this that these those there what what's how when where why which who can can't could would will should "
    "have has had of to in on at for from with by as and or but if please about any some all get need want tell show "
    "s t m re ve ll don",
    "de": "der die das den dem des ein eine einen einem einer ist sind war bin bist wird werden wurde nicht kein "
    "keine ich mir mich mein meine meinen meiner du dir dich dein deine er sie es wir uns ihr was wie wann wo warum "
    "wer welche welcher welches kann können könnte möchte will soll muss habe hat haben zu zum zur im in am an auf "
    "für von vom mit bei nach aus und oder aber wenn bitte gibt alle über um uhr heute morgen mal noch auch",
    "fr": "le la les l un une des du de d est sont suis était être pas ne n je j me m mon ma mes tu te ton ta tes il "
    "elle nous vous ils ce cet cette ces c que qu quel quelle quels qui quoi comment quand où pourquoi puis peux peut "
    "pouvez voudrais veux ai as a avez ont à au aux en dans sur pour avec par chez et ou mais si plus très aussi y",
    "es": "el la los las un una unos unas del de al es son está están soy estoy fue ser no yo me mi mis tú te tu tus "
    "se su sus lo le nos qué que cuál cuáles quién cómo cuándo cuando dónde por para con sin en a y o pero si puedo "
    "puede puedes quiero quisiera necesito tengo tiene hay hoy mañana hasta desde todas todos esta este va hacer",
    "it": "il lo la i gli le l un uno una d del dello della dei degli delle di al allo alla ai alle dal dalla nel "
    "nella sul sulla è sono sei era essere non io mi mio mia miei mie tu ti tuo tua ci si ne che cosa quale quali "
    "chi come quando dove perché posso può puoi vorrei voglio devo ho hai ha per con da in su e o ma se più questo "
    "questa domani tutti tutte tutto dell all dall nell",
    "pt": "o a os as um uma uns umas do da dos das de ao à no na nos nas é são está estão sou foi ser não eu me meu "
    "minha meus minhas você seu sua que qual quais quem como quando onde porque posso pode quero preciso tenho tem há "
    "por para com sem em e ou mas se pelo pela isso este esta hoje amanhã até já também muito vai fazer",
    "nl": "de het een is zijn was ben bent wordt worden niet geen ik mij me mijn je jij jouw u uw hij zij ze we wij "
    "wat hoe wanneer waar waarom wie welke kan kun kunt kunnen wil zou moet heb hebt heeft hebben van in op aan voor "
    "met bij naar uit om te en of maar als dat die dit deze er nog ook alle over graag morgen vandaag deze mag "
    "laat zien",
    "id": "yang di ke dari dan atau untuk dengan pada ini itu adalah ada tidak bukan saya aku kamu anda dia kita kami "
    "mereka apa bagaimana kapan dimana mana mengapa kenapa siapa berapa bisa dapat akan mau ingin harus sudah belum "
    "telah sedang tolong jika kalau saat hari besok semua setiap apakah lagi juga saja dalam oleh agar ku nya sebuah "
    "atas bagi",
    "tr": "bir bu şu o ve veya ile için de da mi mı mu mü ne nasıl neden niçin ne zaman nerede kim hangi kaç ben beni "
    "benim bana sen seni senin sana biz bize siz onlar var yok değil evet hayır ama fakat eğer gibi kadar daha çok en "
    "olarak olan olacak bugün yarın sonra önce lütfen her tüm bütün saat misin mısın musun göster ayarla",
    "pl": "i w na z do od za po dla przez o u jest są był być nie tak ja mnie mi mój moja moje ty ci twój się to ten "
    "ta te tego co jak kiedy gdzie dlaczego kto który która które czy mogę może chcę chciałbym mam ma mieć ale lub "
    "albo jeśli żeby już jeszcze tylko bardzo dziś jutro proszę",
    "sv": "och i att det en ett som är var inte jag mig min mitt mina du dig din ditt han hon vi oss ni de dem vad "
    "hur när varför vem vilken kan kunna vill ska måste har hade på av för med till från om men eller så finns den "
    "här där idag också",
    "da": "og i at det en et som er var ikke jeg mig min mit mine du dig din dit han hun vi os I de dem hvad hvordan "
    "hvornår hvor hvorfor hvem hvilken kan vil skal må har havde på af for med til fra om men eller så der den her dag",
    "nb": "og i å det en et ei som er var ikke jeg meg min mitt mine du deg din ditt han hun vi oss dere de dem hva "
    "hvordan når hvor hvorfor hvem hvilken kan vil skal må har hadde på av for med til fra om men eller så der den her",
    "fi": "ja on ei en ole oli olla että se ne tämä minä minun minua mun sinä sinun hän me te he mitä mikä miten "
    "milloin missä miksi kuka voi voin voinko haluan pitää jos tai mutta kun kuin myös vain nyt tänään huomenna kaikki",
    "ro": "și în la de pe cu din pentru un o este sunt era fi nu eu mă mi mea meu tu te ta el ea noi voi ce cum când "
    "unde cine care pot poate vreau am are ai avem sau dar dacă mai prea azi mâine vă rog acest această",
    "cs": "a v na z do od za po pro o u je jsou byl být ne není já mě mi můj moje ty ti tvůj se si to ten ta co jak "
    "kdy kde proč kdo který která mohu můžu může chci mám má ale nebo jestli když už ještě jen dnes zítra prosím",
    "hu": "a az egy és is nem van volt lesz vagyok én engem nekem te ő mi ti ők hogy hogyan mikor hol miért ki mit "
    "melyik tud tudok lehet akarok szeretnék kell ha vagy de csak már még nagyon ma holnap kérem ez ezt azt",
    "vi": "là và của có không được cho với trong này đó một các những tôi bạn mình anh chị em gì sao nào khi đâu bao "
    "nhiêu như thế ở ra vào đã đang sẽ muốn cần phải làm thì mà nhưng hay nếu hôm ngày",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in dict.fromkeys(_words.split()):
        _LANGUAGES_OF[_word] = (*_LANGUAGES_OF.get(_word, ()), _language)

# A letter weighs like the function word of one language alone; most of these occur in no other listed language.
_LETTERS: Mapping[str, str] = {
    "ß": "de",
    "ñ": "es",
    "¿": "es",
    "¡": "es",
    "ã": "pt",
    "õ": "pt",
    "ı": "tr",
    "ğ": "tr",
    "ş": "tr",
    "ł": "pl",
    "ą": "pl",
    "ę": "pl",
    "ż": "pl",
    "ř": "cs",
    "ě": "cs",
    "ů": "cs",
    "ő": "hu",
    "ű": "hu",
    "ț": "ro",
    "ș": "ro",
    "ơ": "vi",
    "ư": "vi",
    "đ": "vi",
}


def guess_languages(texts: Sequence[str]) -> list[str]:
    """The probable language of each text as an ISO 639-1 code, or `und`.

    A text whose words belong to several languages alike goes to the one that is most frequent among the clear
    texts beside it.

    >>> guess_languages(["wo ist meine Karte", "我的卡在哪里", "ok"])
    ['de', 'zh', 'und']
    """
    candidates = [_candidates(text) for text in texts]
    clear = Counter(languages[0] for languages in candidates if len(languages) == 1)
    return [max(languages, key=lambda name: clear[name], default=UNDETERMINED) for languages in candidates]


def likely_languages(text: str) -> tuple[str, ...]:
    """The languages that fit one text best, all of them where they fit alike; none where nothing tells.

    >>> likely_languages("wo ist meine Karte")
    ('de',)
    >>> likely_languages("ok")
    ()
    """
    return _candidates(text)


def _candidates(text: str) -> tuple[str, ...]:
    """The languages that fit a text best, all of them where they fit alike."""
    if text.isascii():
        return _latin(text)
    counts = {
        language: len(found) for language, pattern in _SCRIPTS.items() if (found := pattern.findall(text))
    }
    # Names and titles in Latin letters stand in sentences of every script, hence the weight.
    if not counts or len(_LATIN.findall(text)) > 5 * sum(counts.values()):
        return _latin(text)
    if "ja" in counts and "zh" in counts:
        return ("ja",)
    language = max(counts, key=counts.__getitem__)
    letters = set(text)
    return (
        next((other for of, other, tell in _TELLTALES if of == language and letters & set(tell)), language),
    )


def _latin(text: str) -> tuple[str, ...]:
    lowered = text.lower()
    scores: dict[str, float] = {}
    for word in _WORD.findall(lowered):
        for language in (candidates := _LANGUAGES_OF.get(word, ())):
            scores[language] = scores.get(language, 0.0) + 1 / len(candidates)
    for letter in set(lowered) & _LETTERS.keys():
        scores[_LETTERS[letter]] = scores.get(_LETTERS[letter], 0.0) + 1
    best = max(scores.values(), default=0.0)
    return tuple(language for language, score in scores.items() if score > best - 1e-9)
