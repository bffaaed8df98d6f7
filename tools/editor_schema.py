"""Write schemas/ruleset.editor.json and schemas/cases.editor.json: python -m tools.editor_schema [--check].

schemas/ruleset.json knows the English form of a ruleset, and schemas/cases.json that of golden cases, into which the
program brings every other form before it checks it. An editor sees the file as it is written, so that its schema has
both forms: each key and each fixed word in English and in Chinese, a text in one language where two are possible.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.language.vocabulary import vocabulary
from schemas import schema

ROOT = Path(__file__).resolve().parent.parent
FILE = Path("schemas", "ruleset.editor.json")
CASES = Path("schemas", "cases.editor.json")
_SAID: Mapping[Path, str] = {
    FILE: "A ruleset, in Chinese or English; see `make schemas`.",
    CASES: "Golden cases beside a ruleset, in Chinese or English; see `make schemas`.",
}
_BILINGUAL = "#/$defs/bilingual"


def both_forms(says: Any) -> Any:
    """Return a schema that takes both forms of what another one takes."""
    if isinstance(says, list):
        return [both_forms(each) for each in says]
    if not isinstance(says, dict):
        return says
    if says.get("$ref") == _BILINGUAL:
        return {**{key: value for key, value in says.items() if key != "$ref"}, "anyOf": _in_one_or_both()}
    made: dict[str, Any] = {}
    for key, value in says.items():
        match key:
            case "properties":
                made[key] = _doubled(value)
            case "required":
                needed = [_either(name) for name in value if name not in ("zh", "en")]
                made |= {"allOf": needed} if needed else {}
            case "enum" if all(isinstance(word, str) for word in value):
                made[key] = [word for name in value for word in _words("values", name)]
            case "dependentRequired":
                pass
            case "type" if value == "boolean":
                made["enum"] = [True, False, "是", "否"]
            case _ if not key.startswith("x-"):
                made[key] = both_forms(value)
    if says.get("x-default-key"):
        return {"anyOf": [made, {"type": "string"}], "title": says["title"]}
    if {"zh", "en"} <= says.get("properties", {}).keys():
        made["anyOf"] = [_either("zh"), _either("en")]
    return made


def _in_one_or_both() -> list[dict[str, Any]]:
    return [{"$ref": "#/$defs/text"}, {"$ref": _BILINGUAL}]


def _doubled(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {word: both_forms(says) for name, says in properties.items() for word in _words("keys", name)}


def _either(name: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [word]} for word in _words("keys", name)]}


def _words(part: str, name: str) -> list[str]:
    return list(dict.fromkeys((name, vocabulary(part).chinese.get(name, name))))


def text(file: Path) -> str:
    """Return a schema as a file."""
    name = file.name.removesuffix(".editor.json")
    made = both_forms(schema(f"{name}.json"))
    said = {"$id": f"fenming:{name}.editor", "description": _SAID[file]}
    return json.dumps({**made, **said}, ensure_ascii=False, indent=1) + "\n"


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Write the schemas, or report those that are not what the program takes."""
    if "--check" not in arguments:
        for file in _SAID:
            (root / file).write_text(text(file), "utf-8")
        return 0
    stale = [file for file in _SAID if not (root / file).exists() or (root / file).read_text("utf-8") != text(file)]
    for file in stale:
        sys.stderr.write(f"out of date, run `make schemas`: {file}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
