"""Running flows.

A flow is run from its first step at every turn, with what was done before remembered: a slot that is filled is not
asked, a step that was done with the same inputs is not done again. So a corrected slot re-runs just what depends on
it, and coming back from a digression needs nothing of its own. There are no loops: `ask_again` empties a slot and
starts over, which always ends in a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from tradewind.assistant.actions.model import UNAVAILABLE, Call, Result
from tradewind.assistant.dialogue import ask, tell
from tradewind.assistant.dialogue.model import Done, Pending
from tradewind.assistant.dialogue.turn import Turn, fingerprint
from tradewind.core.yaml_document import Where
from tradewind.packs.flow_file import Step

MOST_RUNS = 25
"""Starts of flows in one turn: more go in circles."""


class Stop(Enum):
    """Why a flow stops running."""

    WAITS = "waits"
    ENDED = "ended"
    REFUSED = "refused"
    LINKED = "linked"
    AGAIN = "again"
    PERSON = "person"


def go_on(turn: Turn) -> None:
    """Run the flow in hand, and those below and behind it, until something is asked or nothing is left."""
    ran = False
    for _ in range(MOST_RUNS):
        if not turn.frames:
            if turn.queue:
                following = turn.queue.pop(0)
                turn.say("dialogue_next", {"flow": turn.book.flow_title(following.flow, turn.language)})
                turn.start(following.flow, following.said, following.slots)
                turn.note("started", "it was asked for together with what is done now")
                continue
            turn.pending = None
            if ran:
                turn.say("dialogue_anything_else")
            return
        ran = True
        stop = _Run(turn).run()
        if stop is Stop.WAITS:
            return
        if stop is Stop.PERSON:
            turn.pending = None
            return
        if stop is Stop.ENDED:
            end_flow(turn, "finished", "its last step is done")
        if stop is Stop.REFUSED:
            end_flow(turn, "cancelled", "not confirmed")
    turn.say("dialogue_failure")
    turn.to_a_person("failure", "the flows go in circles without a question", priority=2)
    turn.frames.clear()
    turn.queue.clear()
    turn.pending = None


def end_flow(turn: Turn, what: str, why: str) -> None:
    """Leave the flow in hand; say so where an earlier one goes on."""
    turn.note(what, why)
    ended = turn.frames.pop()
    flow = turn.book.flows[ended.flow]
    turn.kept |= {
        name: ended.slots[name] for name, slot in flow.slots.items() if slot.keep and name in ended.slots
    }
    turn.pending = None
    if turn.frames:
        title = turn.book.flow_title(turn.frames[-1].flow, turn.language)
        turn.say("dialogue_back_to", {"flow": title})
        turn.note("returned", "it was interrupted")


@dataclass
class _Run:
    """One run of the flow in hand from its first step."""

    turn: Turn
    names: dict[str, Any] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    results: set[str] = field(default_factory=set)
    confirmed: str = ""

    def run(self) -> Stop:
        turn = self.turn
        self.flow = turn.flow
        stop = self._block(("steps",), self.flow.steps) or Stop.ENDED
        if stop is Stop.WAITS:
            turn.change(derived=self.derived)
        return stop

    # --- steps

    def _block(self, where: Where, steps: tuple[Step, ...]) -> Stop | None:
        for index, step in enumerate(steps):
            here = (*where, index)
            if self.turn.services.observer:
                self.turn.services.observer(self.flow.id, here)
            stop: Stop | None = getattr(self, f"_{step.verb}")(here, step)
            if stop is not None:
                return stop
        return None

    def _collect(self, where: Where, step: Step) -> Stop | None:
        name = str(step.collect)
        found = ask.collect(self.turn, name, where, self.everything())
        if not found:
            return Stop.WAITS if self.turn.hand_off is None else Stop.PERSON
        value, self.labels[name] = found
        self.names[name] = value
        if value is not None and name not in self.turn.frames[-1].slots:
            self.derived[name] = value
        return None

    def _if(self, where: Where, step: Step) -> Stop | None:
        assert step.if_ is not None
        if step.if_.holds(self.everything(), self.today):
            return self._block((*where, "then"), step.then)
        return self._block((*where, "else"), step.else_)

    def _set(self, where: Where, step: Step) -> None:
        self.names |= self._values(step.set or {})

    def _say(self, where: Where, step: Step) -> None:
        key = str(step.say)
        values = {**self._shown(), **self._values(step.with_)}
        inputs = fingerprint([values, self._asked_again()])
        done = self.turn.frames[-1].done.get(f"say {key}")
        if done is None or done.inputs != inputs:
            self.turn.say(key, values)
            self.turn.note("said", "the next step", step=where, key=key)
            self.turn.did(f"say {key}", Done(inputs=inputs))

    def _confirm(self, where: Where, step: Step) -> Stop | None:
        key = str(step.confirm)
        values = {**self._shown(), **self._values(step.with_)}
        inputs = fingerprint([values, self._asked_again()])
        done = self.turn.frames[-1].done.get(f"confirm {key}")
        if done is None or done.inputs != inputs:
            choices = tell.yes_or_no()
            offers = tell.offers(choices, tell.yes_or_no_words(self.turn))
            self.turn.pending = Pending(kind="confirm", name=key, inputs=inputs, offers=offers)
            self.turn.say(key, values, choices)
            self.turn.note("asked", "this must be confirmed", step=where, key=key)
            return Stop.WAITS
        if done.values:
            self.confirmed = f"{key}#{done.count}"
            return None
        if step.on_no:
            return self._block((*where, "on_no"), step.on_no)
        self.turn.say(
            "dialogue_cancelled", {"flow": self.turn.book.flow_title(self.flow.id, self.turn.language)}
        )
        return Stop.REFUSED

    def _call(self, where: Where, step: Step) -> Stop | None:
        result = self._result(where, step)
        if result is None:
            return Stop.AGAIN
        self.names[step.result] = dict(result.values or {})
        self.results.add(step.result)
        self.names["failure"] = result.failure
        if result.failure is None:
            return None
        if step.on_failure:
            return self._block((*where, "on_failure"), step.on_failure)
        self.turn.say("dialogue_failure")
        self.turn.to_a_person("failure", f"{step.call} failed: {result.failure}", priority=2)
        self.turn.frames.pop()
        return Stop.PERSON

    def _result(self, where: Where, step: Step) -> Done | None:
        """What the call gave, now or before; None where it must be confirmed once more first."""
        turn = self.turn
        action = turn.book.actions.get(str(step.call))
        changes = action is None or action.changes
        arguments = self._values(step.with_)
        inputs = f"{fingerprint([step.call, arguments])}.{fingerprint(self._asked_again())}"
        name = f"call {step.result}"
        before = turn.frames[-1].done.get(name)
        count = 1
        if before is not None:
            same = before.inputs.partition(".")[0] == inputs.partition(".")[0]
            settled = changes and before.failure is None
            if before.inputs == inputs or (same and settled):
                return before
            if settled and before.under == self.confirmed:
                return self._confirm_anew(before)
            # Whoever did not answer may have done it: only the same key keeps it from being done twice.
            count = before.count + (0 if same and before.failure == UNAVAILABLE else 1)
        given = self._do(step, arguments, count)
        turn.note(
            "called", "the next step", step=where, action=step.call, arguments=arguments,
            failure=given.failure, attempts=given.attempts, values=dict(given.values),
        )  # fmt: skip
        done = Done(
            inputs=inputs, count=count, failure=given.failure, values=dict(given.values),
            changed=changes, under=self.confirmed,
        )  # fmt: skip
        turn.did(name, done)
        return done

    def _do(self, step: Step, arguments: Mapping[str, Any], count: int) -> Result:
        turn, party = self.turn, self.turn.scene.party
        key = fingerprint([turn.scene.conversation, turn.frames[-1].run, step.result, count])
        call = Call(
            str(step.call),
            arguments,
            key,
            party.tenant,
            party.market,
            turn.scene.now,
            party.subject,
            turn.language,
        )
        return turn.services.actions.call(call)

    def _confirm_anew(self, before: Done) -> Done | None:
        """One "yes" allows one change: what was corrected afterwards needs another, and nothing is done without any."""
        name = f"confirm {self.confirmed.partition('#')[0]}"
        done = self.turn.frames[-1].done
        if name not in done:
            return before
        self.turn.did(name, done[name].model_copy(update={"inputs": ""}))
        return None

    def _ask_again(self, where: Where, step: Step) -> Stop:
        frame = self.turn.frames[-1]
        names = step.ask_again or ()
        self.turn.change(
            slots={name: value for name, value in frame.slots.items() if name not in names},
            fresh=tuple({*frame.fresh, *names}),
            again={**frame.again, **{name: frame.again.get(name, 0) + 1 for name in names}},
        )
        return Stop.AGAIN

    def _link(self, where: Where, step: Step) -> Stop:
        turn, old = self.turn, self.turn.frames[-1]
        goal = turn.book.flows[str(step.link)]
        given = {
            name: value for name, value in self.names.items() if name in goal.slots and value is not None
        }
        given |= {name: value for name, value in self._values(step.with_).items() if value is not None}
        turn.note("linked", "the next step", step=where, to=goal.id)
        turn.frames.pop()
        turn.start(goal.id, old.said, given)
        return Stop.LINKED

    def _hand_off(self, where: Where, step: Step) -> Stop:
        self.turn.say(step.say or f"dialogue_hand_off_{step.reason}", self._shown())
        self.turn.to_a_person(step.reason, "a step of the flow", skill=step.hand_off, priority=step.priority)
        self.turn.frames.pop()
        return Stop.PERSON

    def _answer(self, where: Where, step: Step) -> Stop | None:
        assert step.answer is not None
        question = str(step.answer.value(self.everything(), self.today) or "")
        inputs = fingerprint([question, self._asked_again()])
        done = self.turn.frames[-1].done.get("answer")
        if done is None or done.inputs != inputs:
            found = bool(question) and tell.answer(self.turn, question, None, where)
            done = Done(inputs=inputs, values=found)
            self.turn.did("answer", done)
            if not found and not step.else_:
                self.turn.say("dialogue_no_answer")
        return None if done.values else self._block((*where, "else"), step.else_)

    def _suggest(self, where: Where, step: Step) -> Stop | None:
        assert step.suggest is not None
        need = str(step.suggest.value(self.everything(), self.today) or "")
        profile = _suitable({**self.turn.scene.profile, **self._values(step.with_)}, self.turn.scene.profile)
        inputs = fingerprint([need, profile, self._asked_again()])
        done = self.turn.frames[-1].done.get("suggest")
        if done is None or done.inputs != inputs:
            found = tell.suggest(self.turn, need, profile, where)
            done = Done(inputs=inputs, values=found)
            self.turn.did("suggest", done)
            if not found and not step.else_:
                self.turn.say("dialogue_no_suggestion")
        return None if done.values else self._block((*where, "else"), step.else_)

    def _end(self, where: Where, step: Step) -> Stop:
        return Stop.ENDED

    # --- values

    @property
    def today(self) -> date:
        return self.turn.scene.now.date()

    def everything(self) -> dict[str, Any]:
        """What conditions may ask for at this step: what the steps before it gave."""
        return {
            "customer": self.turn.scene.profile,
            "market": self.turn.scene.party.market,
            "language": self.turn.language,
            "said": self.turn.frames[-1].said,
            **self.names,
        }

    def _shown(self) -> dict[str, Any]:
        """What a reply may show: slots and what was set by name, choices as `slot_text`, results as `result_part`."""
        shown: dict[str, Any] = {}
        for name, value in self.names.items():
            if name in self.results:
                parts = {part: inner for part, inner in value.items() if not _are_options(inner)}
                shown |= {f"{name}_{part}": inner for part, inner in parts.items()}
            elif value is not None:
                shown[name] = value
                if self.labels.get(name, value) != value:
                    shown[f"{name}_text"] = self.labels[name]
        return shown

    def _values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: rule.value(self.everything(), self.today) for name, rule in given.items()}

    def _asked_again(self) -> list[int]:
        """Makes what follows a slot that was asked again something new, even if the answer is the same."""
        frame = self.turn.frames[-1]
        return [frame.again.get(name, 0) for name in self.names if name in self.flow.slots]


def _are_options(value: Any) -> bool:
    """Whether a result is a list of what may be chosen: it is shown as buttons, not in words."""
    return isinstance(value, list) and any(isinstance(item, Mapping) and "value" in item for item in value)


def _suitable(wanted: dict[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody asks for, with the risk class that the business found for them or a lower one that they prefer.

    Nobody raises their class by saying so: without the business's finding there is none.
    """
    found, preferred = profile.get("risk"), wanted.pop("risk", None)
    if not isinstance(found, int):
        return wanted
    return {**wanted, "risk": min(found, preferred) if isinstance(preferred, int) else found}
