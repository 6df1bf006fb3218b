"""A customer or an agent on a websocket, who comes back by themselves and sends again what was not acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import websockets

AGAIN_S = 0.05


@dataclass
class Client:
    """One side of a conversation.

    Args:
        address: of the websocket, without `after`.
    """

    address: str
    name: str
    protocols: list[str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    acknowledged: dict[str, int] = field(default_factory=dict)
    connections: int = 0
    window: int = 3
    _waiting: deque[str] = field(default_factory=deque)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def last(self) -> int:
        """The number of the last message that was seen."""
        return self.seen[-1]["number"] if self.seen else 0

    async def run(self, stop: asyncio.Event) -> None:
        """Write and read until `stop` is set and everything that was sent is acknowledged."""
        while not (stop.is_set() and not self._waiting):
            try:
                async with websockets.connect(
                    f"{self.address}?after={self.last}", subprotocols=self.protocols or None
                ) as socket:
                    self.connections += 1
                    for text in self._waiting:
                        await self._send(socket, text)
                    reading = asyncio.create_task(self._read(socket))
                    try:
                        await self._write(socket, stop, reading)
                    finally:
                        reading.cancel()
                        await asyncio.gather(reading, return_exceptions=True)
            except (TimeoutError, OSError, websockets.WebSocketException):
                await asyncio.sleep(AGAIN_S)

    async def _write(self, socket: Any, stop: asyncio.Event, reading: asyncio.Task[None]) -> None:
        while not reading.done():
            if not stop.is_set() and len(self._waiting) < self.window:
                text = f"{self.name}-{len(self.sent)}"
                self.sent.append(text)
                self._waiting.append(text)
                await self._send(socket, text)
                continue
            if stop.is_set() and not self._waiting:
                return
            self._heard.clear()
            heard = asyncio.create_task(self._heard.wait())
            await asyncio.wait({heard, reading}, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            heard.cancel()
        reading.result()

    async def _send(self, socket: Any, text: str) -> None:
        await socket.send(json.dumps({"type": "say", "text": text, "client_id": text}))

    async def _read(self, socket: Any) -> None:
        async for frame in socket:
            document = json.loads(frame)
            if document["type"] == "message":
                self.seen.append(document)
            elif document["type"] == "accepted":
                self.acknowledged[document["client_id"]] = document["number"]
                assert self._waiting.popleft() == document["client_id"], "acknowledged out of order"
                self._heard.set()
            elif document["type"] == "problem":
                raise ConnectionError(document["detail"])
