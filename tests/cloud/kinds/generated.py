"""The `random` provider: values made once and kept."""

from __future__ import annotations

import base64
import string
import uuid
from typing import Any

from tests.cloud.cloud import Cloud, Live, fresh
from tests.cloud.contracts import Properties
from tests.cloud.kinds.base import Kind, behaves

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The provider's default special characters."""


class Generated(Kind):
    def rule(self, path: str, old: Properties, new: Properties) -> str:
        if path.split(".")[0] == "keepers":
            before, after = old.get("keepers") or {}, new.get("keepers") or {}
            return "none" if _set(before) == _set(after) else "replace"
        return super().rule(path, old, new)


def _set(keepers: Properties) -> dict[str, Any]:
    return {key: value for key, value in keepers.items() if value is not None}


@behaves("random:index/randomPassword:RandomPassword", "random:index/randomString:RandomString")
class RandomText(Generated):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return "none" + fresh(8) if "Password" in self.token else self._text(inputs)

    def _text(self, inputs: Properties) -> str:
        """Characters of the wanted classes, at least as many of each as asked for."""
        classes = {
            "Lower": (string.ascii_lowercase, inputs.get("lower", True)),
            "Upper": (string.ascii_uppercase, inputs.get("upper", True)),
            "Numeric": (string.digits, inputs.get("numeric", inputs.get("number", True))),
            "Special": (inputs.get("overrideSpecial") or SPECIAL, inputs.get("special", True)),
        }
        least = "".join(fresh(int(inputs.get(f"min{name}") or 0), letters) for name, (letters, _) in classes.items())
        anything = "".join(letters for letters, wanted in classes.values() if wanted)
        return (least + fresh(int(inputs["length"]), anything or string.ascii_letters))[: int(inputs["length"])]

    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        text = live.id if "String" in self.token else self._text(live.inputs)
        return {"result": text, "hash": fresh(53, string.ascii_letters + string.digits)}

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        made = {"result": live.extra["result"]}
        return {**made, "bcryptHash": f"$2a$10${live.extra['hash']}"} if "Password" in self.token else made


@behaves("random:index/randomId:RandomId", "random:index/randomBytes:RandomBytes")
class RandomData(Generated):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        length = int(inputs.get("byteLength") or inputs.get("length") or 1)
        return base64.urlsafe_b64encode(bytes.fromhex(fresh(2 * length))).decode().rstrip("=")

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        data = base64.urlsafe_b64decode(live.id + "=" * (-len(live.id) % 4))
        if "RandomBytes" in self.token:
            return {"base64": base64.b64encode(data).decode(), "hex": data.hex()}
        prefix = str(live.inputs.get("prefix") or "")
        return {
            "b64Std": prefix + base64.b64encode(data).decode(),
            "b64Url": prefix + live.id,
            "dec": prefix + str(int.from_bytes(data, "big")),
            "hex": prefix + data.hex(),
        }


@behaves("random:index/randomPet:RandomPet")
class RandomPet(Generated):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        words = [fresh(5, string.ascii_lowercase) for _ in range(int(inputs.get("length") or 2))]
        separator = str(inputs.get("separator") or "-")
        return separator.join([*([inputs["prefix"]] if inputs.get("prefix") else []), *words])


@behaves("random:index/randomUuid:RandomUuid")
class RandomUuid(Generated):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        return str(uuid.uuid4())

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"result": live.id}


@behaves("random:index/randomInteger:RandomInteger")
class RandomInteger(Generated):
    def identify(self, cloud: Cloud, inputs: Properties) -> str:
        low, high = int(inputs["min"]), int(inputs["max"])
        return str(low + int(fresh(8), 16) % (high - low + 1))

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"result": int(live.id)}


@behaves("random:index/randomShuffle:RandomShuffle")
class RandomShuffle(Generated):
    def remember(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"results": sorted(live.inputs["inputs"], key=lambda _: fresh(8))}

    def outputs(self, cloud: Cloud, live: Live) -> dict[str, Any]:
        return {"results": live.extra["results"]}
