"""What stands in messages and names nobody: numbers, dates, amounts, addresses of machines.

The tagger must pass them over.
"""

from __future__ import annotations

from random import Random

from tradewind.privacy.names.templates import digits

DOMAINS = (
    "example.com",
    "mail.example",
    "web.example.org",
    "post.example.net",
    "shop-online.com",
    "firma.de",
    "kunde.fr",
)
PHONES = (
    "+## ## #### ####", "(###) ###-####", "###-###-####", "0### ######", "0## #### ####", "1##########",
    "+# ### ### ####", "0# ## ## ## ##", "+## (0)## ### ## ##", "### ### ###", "##-####-####", "####-####",
    "001-###-###-####", "###-###-####x###", "(0##) ###-###",
)  # fmt: skip
DATES = (
    "##/##/19##",
    "20##-0#-1#",
    "1#.0#.20##",
    "#/##/20##",
    "19##-1#-0#",
    "0#.##.",
    "20##/0#/1#",
    "20##-0#-1# 1#:##:##",
)
AMOUNTS = (
    "$##.##",
    "€ ##,##",
    "#,### USD",
    "## EUR",
    "###,## €",
    "¥####",
    "####元",
    "####円",
    "R$ ##,##",
    "£###",
    "### kr",
    "###만원",
)
ORDERS = ("#########", "@@-#####", "#@#####", "INV-####", "##-#####-@", "@@@####", "#####", "20##/####")
WORDS = (
    "blue",
    "sunny",
    "info",
    "anna",
    "max",
    "lee",
    "shop",
    "kim99",
    "j.smith",
    "maria_lopez",
    "li.wei",
    "t.mueller",
    "hello",
)
STARTS, ENDS = ("https://", "www.", "http://www."), ("com", "de", "org/help", "fr", "co.jp")


def value(name: str, random: Random) -> str:
    """The text of a slot.

    Raises:
        KeyError: no such slot.
    """
    if name in ("time", "zip", "num", "age", "year", "ssn", "card", "ip", "iban"):
        return _number(name, random)
    if name == "email":
        return f"{random.choice(WORDS)}{random.choice(('', '', '7', '.x'))}@{random.choice(DOMAINS)}"
    if name == "url":
        start, end = random.choice(STARTS), random.choice(ENDS)
        return f"{start}{random.choice(WORDS)}.{end}"
    patterns = {"phone": PHONES, "date": DATES, "amount": AMOUNTS, "order": ORDERS}
    return digits(random.choice(patterns[name]), random)


def _number(name: str, random: Random) -> str:
    match name:
        case "time":
            return f"{random.randint(0, 23)}:{random.randint(0, 59):02d}"
        case "zip":
            return digits(random.choice(("#####", "####", "##-###", "#####-###", "@#@ #@#")), random)
        case "num":
            return str(random.randint(2, 9999))
        case "age":
            return str(random.randint(18, 95))
        case "year":
            return str(random.randint(1930, 2026))
        case "ssn":
            return digits("###-##-####", random)
        case "card":
            return digits(
                random.choice(
                    ("################", "#### #### #### ####", "####-####-####-####", "###############")
                ),
                random,
            )
        case "ip":
            return ".".join(str(random.randrange(256)) for _ in range(4))
        case _:
            return digits(
                random.choice(
                    ("DE####################", "FR76 #### #### #### #### #### ###", "GB##@@@@##############")
                ),
                random,
            )
