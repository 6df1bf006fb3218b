"""Flows as pictures: text for Mermaid and for Graphviz."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tradewind.packs.flow_file import Flow, Step
from tradewind.packs.flow_paths import ENDS

LONGEST_LABEL = 60

_MERMAID_SHAPES = {
    "start": ("([", "])"), "end": ("([", "])"), "collect": ("[/", "/]"), "if": ("{", "}"), "confirm": ("{{", "}}"),
    "call": ("[[", "]]"), "link": (">", "]"), "hand_off": ("(((", ")))"),
}  # fmt: skip
_DOT_SHAPES = {
    "start": "oval", "end": "oval", "collect": "parallelogram", "if": "diamond", "confirm": "hexagon",
    "call": "component", "link": "cds", "hand_off": "doublecircle",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A step. `kind` is its verb, or `start` or `end` of a flow."""

    id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Edge:
    """From a step to the next, under a condition or none."""

    start: str
    goal: str
    label: str = ""


@dataclass
class Picture:
    """A flow as nodes and edges."""

    flow: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


Loose = list[tuple[str, str]]
"""Nodes whose next step is not drawn yet, with the label of the way there."""


def picture(flow: Flow) -> Picture:
    """The nodes and edges of a flow."""
    drawn = Picture(flow.id)
    start = f"{flow.id}_start"
    drawn.nodes.append(Node(start, "start", f"{flow.id}: {', '.join(flow.starts_on) or 'linked to'}"))
    loose = _block(drawn, flow, flow.steps, f"{flow.id}_", [(start, "")])
    end = f"{flow.id}_end"
    drawn.nodes.append(Node(end, "end", "end"))
    drawn.edges += [Edge(node, end, label) for node, label in loose]
    return drawn


def mermaid(flows: Iterable[Flow]) -> str:
    """Text for Mermaid: put it in a Markdown page, or into any editor of Mermaid."""
    lines = ["flowchart TD"]
    links: list[str] = []
    for drawn in map(picture, flows):
        lines.append(f'  subgraph {drawn.flow}_flow["{_quoted(drawn.flow)}"]')
        for node in drawn.nodes:
            left, right = _MERMAID_SHAPES.get(node.kind, ("[", "]"))
            lines.append(f'    {node.id}{left}"{_quoted(node.label)}"{right}')
        inside, across = _apart(drawn)
        lines += [f"    {_mermaid_edge(edge)}" for edge in inside]
        links += [f"  {_mermaid_edge(edge)}" for edge in across]
        lines.append("  end")
    return "\n".join([*lines, *links]) + "\n"


def dot(flows: Iterable[Flow]) -> str:
    """Text for Graphviz: `dot -Tsvg`."""
    lines = ["digraph flows {", '  node [fontname="sans-serif"];']
    links: list[str] = []
    for drawn in map(picture, flows):
        lines += [f"  subgraph cluster_{drawn.flow} {{", f'    label="{_escaped(drawn.flow)}";']
        for node in drawn.nodes:
            shape = _DOT_SHAPES.get(node.kind, "box")
            lines.append(f'    {node.id} [shape={shape}, label="{_escaped(node.label)}"];')
        inside, across = _apart(drawn)
        lines += [f"    {_dot_edge(edge)}" for edge in inside]
        links += [f"  {_dot_edge(edge)}" for edge in across]
        lines.append("  }")
    return "\n".join([*lines, *links, "}"]) + "\n"


def _block(drawn: Picture, flow: Flow, steps: tuple[Step, ...], prefix: str, loose: Loose) -> Loose:
    for index, step in enumerate(steps):
        node = Node(f"{prefix}{index}", step.verb, _label(step))
        drawn.nodes.append(node)
        drawn.edges += [Edge(before, node.id, label) for before, label in loose]
        loose = _after(drawn, flow, step, node)
        if step.verb in ENDS:
            break
    return loose


def _after(drawn: Picture, flow: Flow, step: Step, node: Node) -> Loose:
    """What is open after a step, its inner blocks drawn."""
    if step.verb == "link":
        drawn.edges.append(Edge(node.id, f"{step.link}_start"))
        return []
    if step.verb == "ask_again":
        asked = next(
            (n.id for n in drawn.nodes if n.label == f"collect {(step.ask_again or ('',))[0]}"), None
        )
        drawn.edges += [Edge(node.id, asked, "again")] if asked else []
        return []
    if step.verb == "end":
        return [(node.id, "")]
    if step.verb == "hand_off":
        return []
    ways = {"then": "yes", "else": "no", "on_failure": "failed", "on_no": "no"}
    straight = {"if": "no", "confirm": "yes"}.get(step.verb, "")
    blocks = dict(step.blocks())
    loose: Loose = []
    for name, block in blocks.items():
        loose += _block(drawn, flow, block, f"{node.id}_{name}_", [(node.id, ways[name])])
    if step.verb == "if" and "then" not in blocks:
        loose.append((node.id, "yes"))
    if step.verb != "if" or "else" not in blocks:
        loose.append((node.id, straight))
    return loose


def _label(step: Step) -> str:
    about = (
        step.collect or step.call or step.confirm or step.say or step.link or step.hand_off
        or ", ".join(step.ask_again or ()) or ", ".join(step.set or ())
        or next((rule.source for rule in (step.if_, step.answer, step.suggest) if rule is not None), "")
    )  # fmt: skip
    label = about if step.verb == "if" else f"{step.verb} {about}".strip()
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def _apart(drawn: Picture) -> tuple[list[Edge], list[Edge]]:
    """Edges within a flow, and those to others: an edge drawn inside pulls its goal into the frame."""
    own = {node.id for node in drawn.nodes}
    inside = [edge for edge in drawn.edges if edge.goal in own]
    return inside, [edge for edge in drawn.edges if edge.goal not in own]


def _mermaid_edge(edge: Edge) -> str:
    return f"{edge.start} -->|{edge.label}| {edge.goal}" if edge.label else f"{edge.start} --> {edge.goal}"


def _dot_edge(edge: Edge) -> str:
    return (
        f'{edge.start} -> {edge.goal} [label="{edge.label}"];'
        if edge.label
        else f"{edge.start} -> {edge.goal};"
    )


def _quoted(label: str) -> str:
    return label.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"')
