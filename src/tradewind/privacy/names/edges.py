"""Where a name that a model found really begins and ends: tokens carry the punctuation beside them."""

from __future__ import annotations

from dataclasses import replace

from tradewind.privacy.model import STREET_ADDRESS, PiiSpan

BEFORE = " \t\n,;:.!?¿¡)]}'\"«»“”„‘’、。，：；！？（）「」『』|>*-–—·"
AFTER = " \t\n,;:!?([{'\"«»“”„‘’、。，：；！？（）「」『』|<*-–—·…"
LONGEST_ABBREVIATION = 4


def trimmed(span: PiiSpan, text: str) -> PiiSpan | None:
    """The span without punctuation at its edges; None where nothing else is in it.

    Only addresses go on over the end of a line: what stands under a name is something else.
    A full stop stays after a short word, which may be an abbreviation ("Inc.", "St.", "S.L."), and goes after a
    number or a longer word. A closing bracket stays where the span opens one.
    """
    start, end = span.start, span.end
    while start < end and text[start] in BEFORE:
        start += 1
    if span.type != STREET_ADDRESS:
        end = next((at for at in range(start, end) if text[at] == "\n"), end)
    while start < end:
        last, rest = text[end - 1], text[start : end - 1]
        lone = last in ")]" and not {"(", "["} & set(rest)
        if not (last in AFTER or lone or (last == "." and _ends_sentence(rest))):
            break
        end -= 1
    if start == end:
        return None
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)


def _ends_sentence(before: str) -> bool:
    word = before.split()[-1] if before.split() else ""
    return not word[-1:].isalpha() or ("." not in word and len(word) > LONGEST_ABBREVIATION)
