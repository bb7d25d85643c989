"""The JSON schema of the stack output, from its model. `make schema` writes it."""

from pathlib import Path
from typing import Any

from dolmen.outputs.model import StackOutput

FILE = Path(__file__).with_name("stack-output.schema.json")


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12. Needs pydantic, which a checkout has and the command alone does not."""
    from pydantic import TypeAdapter

    made = TypeAdapter(StackOutput).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


if __name__ == "__main__":
    import json

    FILE.write_text(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
