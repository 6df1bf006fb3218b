"""A person's own words in a letter: what mail programs quote and sign with is cut.

Line by line, in one pass: whoever writes an e-mail chooses its bytes, and an expression over the whole text could be
made to take for ever.
"""

from __future__ import annotations

WROTE = (
    "wrote", "schrieb", "escribió", "a écrit", "ha scritto", "escreveu", "schreef", "写道", "寫道", "書きました",
    "のメール", "написал", "skrev", "yazdı", "napisał",
)  # fmt: skip
OPENERS = ("on ", "am ", "el ", "le ", "em ", "il ", "op ", "w dniu ")
"""What that line begins with: it may be broken before the name."""
ORIGINAL = (
    "original message", "ursprüngliche nachricht", "mensaje original", "message d'origine", "mensagem original",
    "messaggio originale", "原始邮件", "原始郵件", "元のメッセージ", "forwarded message", "weitergeleitete nachricht",
)  # fmt: skip
HEADS = (
    ("from", "von", "de", "发件人", "寄件者", "差出人", "da"),
    (
        "sent",
        "date",
        "gesendet",
        "datum",
        "enviado",
        "fecha",
        "envoyé",
        "发送时间",
        "日期",
        "送信日時",
        "日付",
        "data",
    ),
    ("to", "an", "para", "à", "收件人", "收件者", "宛先", "a"),
    ("subject", "betreff", "asunto", "objet", "主题", "主旨", "件名", "oggetto", "assunto"),
)
"""What the four lines begin with that Outlook puts over a quoted letter."""
SENT_FROM = (
    "sent from my", "get outlook for", "von meinem iphone", "von meinem ipad", "gesendet mit", "gesendet von",
    "enviado desde", "enviado do", "envoyé de mon", "发自我的", "從我的", "iphoneから送信", "から送信",
)  # fmt: skip
HEAD_LINES = 5
INTRO_CHARACTERS = 400
SHORT_LINE = 80


def own_words(text: str) -> str:
    """The text without quoted letters, signature and "sent from my …"; "" where nothing is left."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    lines = lines[: _end(lines)]
    kept: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith(">"):
            if number == 0 or not lines[number - 1].startswith(">"):
                _drop_intro(kept)
        else:
            kept.append(line)
    _drop_intro(kept)  # of a quote that was markup, and is gone already
    while kept and (not kept[-1] or _is_sent_from(kept[-1])):
        kept.pop()
    return _joined(kept)


def _end(lines: list[str]) -> int:
    """The first line of a signature (RFC 3676, 4.3), or of a letter quoted in Outlook's way."""
    for number, line in enumerate(lines):
        if line == "--" or _is_rule(line) or _is_head(lines, number):
            return number
    return len(lines)


def _is_rule(line: str) -> bool:
    """`-----Original Message-----`"""
    bare = line.strip()
    return bare.startswith("--") and any(words in bare.casefold() for words in ORIGINAL)


def _is_head(lines: list[str], number: int) -> bool:
    """`From: … Sent: … To: …`, one below the other."""
    if not _begins(lines[number], HEADS[0]):
        return False
    following = lines[number + 1 : number + HEAD_LINES]
    return sum(any(_begins(line, names) for line in following) for names in HEADS[1:]) >= 2


def _begins(line: str, names: tuple[str, ...]) -> bool:
    head, colon, _ = line.strip(" *").replace("：", ":").partition(":")
    return bool(colon) and head.strip(" *").casefold() in names


def _drop_intro(kept: list[str]) -> None:
    """Drop "On … Ann wrote:", which may be broken over lines, from the end of what is kept."""
    while kept and not kept[-1]:
        kept.pop()
    for lines in (1, 2, 3):
        if len(kept) >= lines and _is_intro(" ".join(kept[-lines:])):
            del kept[-lines:]
            if kept and _opens(kept[-1]):
                kept.pop()
            return


def _opens(line: str) -> bool:
    return line.casefold().startswith(OPENERS) and any(character.isdigit() for character in line)


def _is_intro(line: str) -> bool:
    bare = line.strip()
    if len(bare) > INTRO_CHARACTERS or not bare.endswith((":", "：")):
        return False
    dated = any(character.isdigit() for character in bare) or "@" in bare
    return dated and any(word in bare.casefold() for word in WROTE)


def _is_sent_from(line: str) -> bool:
    return len(line) <= SHORT_LINE and any(words in line.casefold() for words in SENT_FROM)


def _joined(lines: list[str]) -> str:
    """The lines again, with no more than one empty line between two."""
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()
