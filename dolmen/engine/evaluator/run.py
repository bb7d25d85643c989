"""One run: gives orders to the processes of an evaluator, and gathers what becomes of each."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dolmen.engine.evaluator import life, messages
from dolmen.engine.evaluator.files import read_whole
from dolmen.engine.evaluator.outcomes import LARGEST_OUTPUT, Outcome
from dolmen.engine.wire.limits import LARGEST_READS, LARGEST_RESULT

_GUARD = 15.0
"""Seconds beyond a program's time limit within which its process answers, or is given up."""
_MOST_SEEN = 20_000


@dataclass(slots=True)
class _Order:
    content: Mapping[str, Any]
    outcome: Outcome = field(default_factory=Outcome)
    made: life.Made | None = None
    deadline: float | None = None
    ended: bool = False
    judged: bool = False

    @property
    def live(self) -> bool:
        return self.deadline is not None and not self.ended

    @property
    def complete(self) -> bool:
        return self.ended and self.judged


class Run:
    """Its ends of the sockets; each order goes to the process of its folder."""

    def __init__(self, orders: Sequence[Mapping[str, Any]], folders: Sequence[str], *, judged: bool) -> None:
        self._orders = [_Order({**one, "id": number}) for number, one in enumerate(orders)]
        self.seen: dict[str, bool] = {}
        self.their_ends: list[socket.socket] = []
        self._judge = self._pair() if judged else None
        self._sides = {folder: self._pair() for folder in folders}

    def _pair(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(_GUARD)  # for the rest of a message, once it has begun
        self.their_ends.append(theirs)
        return ours

    @property
    def outcomes(self) -> list[Outcome]:
        return [one.outcome for one in self._orders]

    @property
    def started(self) -> bool:
        return any(one.deadline is not None for one in self._orders)

    def close(self) -> None:
        """End the processes of the run."""
        for one in self._orders:
            if one.made is not None:
                messages.close(one.made.files)
                one.made = None
        for end in (*self._sides.values(), *([self._judge] if self._judge else []), *self.their_ends):
            end.close()

    def lose(self, why: str) -> None:
        """Nothing more will come."""
        for one in self._orders:
            if not one.complete:
                one.outcome = replace(one.outcome, lost=f"The evaluator ended: {why}.")

    def prepare(self) -> None:
        """Have the judges begin with what they need before a program has run."""
        for order in {one.content["job"]["deployment"]["folder"]: one for one in self._orders}.values():
            if self._judge is not None and order.content["observed"]:
                with contextlib.suppress(messages.BrokenError):  # it will be missed when a stack is to be judged
                    messages.send(self._judge, {"do": "prepare", "job": order.content["job"]})

    def collect(self, jobs: int) -> None:
        """Give all orders, `jobs` at once, and wait for what becomes of them. Raises `BrokenError`."""
        waiting = deque(self._orders)
        with selectors.DefaultSelector() as selector:
            for end in (*self._sides.values(), *([self._judge] if self._judge else [])):
                selector.register(end, selectors.EVENT_READ)
            while not all(one.complete for one in self._orders):
                while waiting and sum(one.live for one in self._orders) < jobs:
                    self._start(waiting.popleft())
                for key, _ in selector.select(self._patience()):
                    end: Any = key.fileobj
                    if not self._heard(end):
                        selector.unregister(end)
                        self._gone(end)
                self._give_up()

    def _heard(self, end: socket.socket) -> bool:
        """Take a message; whether more can come from there."""
        try:
            message = messages.receive(end)
            if message is None:
                return False
            if end is self._judge:
                self._judged(message.content)
            else:
                self._evaluated(end, message.content)
        except (messages.BrokenError, LookupError, ValueError, TypeError):
            return False
        return True

    def _end_of(self, one: _Order) -> socket.socket:
        return self._sides[one.content["job"]["deployment"]["folder"]]

    def _start(self, one: _Order) -> None:
        one.deadline = time.monotonic() + one.content["timeout"] + _GUARD
        one.made = life.Made.new()
        try:
            messages.send(self._end_of(one), one.content, one.made.files)
        except messages.BrokenError:
            self._lost(one, "its process ended")

    def _patience(self) -> float | None:
        ends = [one.deadline for one in self._orders if one.deadline is not None and not one.complete]
        return max(0.01, min(ends) - time.monotonic()) if ends else None

    def _give_up(self) -> None:
        for one in self._orders:
            if one.deadline is not None and not one.complete and time.monotonic() > one.deadline:
                self._lost(one, "it did not answer in time")

    def _lost(self, one: _Order, why: str) -> None:
        one.outcome = replace(one.outcome, lost=f"The evaluator gave no answer: {why}.")
        one.ended = one.judged = True

    def _gone(self, end: socket.socket) -> None:
        """Whoever talked there has ended."""
        for one in self._orders:
            if end is self._judge:
                one.judged = True
            elif self._end_of(one) is end and not one.ended:
                self._lost(one, "its process ended")

    def _evaluated(self, end: socket.socket, content: Mapping[str, Any]) -> None:
        if "seen" in content:
            self.seen.update({str(name): one is True for name, one in list(content["seen"].items())[:_MOST_SEEN]})
            return
        one = self._orders[int(content["ended"])]
        if not one.live or self._end_of(one) is not end:
            raise messages.BrokenError("an answer to what nobody asked there")
        made, status = one.made, int(content["status"])
        if made is None:
            raise messages.BrokenError("an answer to what was not asked")
        one.outcome = replace(
            one.outcome,
            data=read_whole(made.plan, LARGEST_RESULT),
            learnt=read_whole(made.learnt, LARGEST_RESULT),
            reads=read_whole(made.reads, LARGEST_READS),
            printed=read_whole(made.output, LARGEST_OUTPUT),
            whereabouts=read_whole(made.whereabouts, LARGEST_OUTPUT).decode("utf-8", "replace"),
            status=status,
            late=bool(content["late"]),
            seconds=float(content["seconds"]),
        )
        one.ended = True
        if self._judge is None or not one.content["observed"] or status != 0:
            one.judged = True
        elif not one.judged:
            one.deadline = time.monotonic() + one.content["timeout"] + _GUARD
            try:
                messages.send(
                    self._judge, {"do": "judge", "order": one.content}, (made.observation, made.plan, made.judged)
                )
            except messages.BrokenError:
                one.judged = True  # without findings, which is a failure

    def _judged(self, content: Mapping[str, Any]) -> None:
        if "judged" in content:
            one = self._orders[int(content["judged"])]
            one.outcome = replace(one.outcome, findings=content)
        else:  # the last that is heard of an order
            one = self._orders[int(content["done"])]
            if one.made is not None:
                one.outcome = replace(one.outcome, judged=read_whole(one.made.judged, LARGEST_OUTPUT))
            one.judged = True
