"""The list of what a bundle is made of, in the form of CycloneDX 1.6, the same bytes for the same wheels.

docs/decisions/ says why no library writes it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tools.bundle.wheels import Wheel, requirements_of

_OWN = "fenming"


def write_sbom(wheels: Sequence[Wheel], epoch: int) -> str:
    """Return the list as JSON."""
    names = [wheel.name for wheel in wheels]
    [own] = [wheel for wheel in wheels if wheel.name == _OWN]
    content = {
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat().replace("+00:00", "Z"),
            "component": _component(own, "application"),
        },
        "components": [_component(wheel, "library") for wheel in wheels if wheel is not own],
        "dependencies": [
            {
                "ref": _reference(wheel),
                "dependsOn": [_reference(each) for each in wheels if each.name in requirements_of(wheel, names)],
            }
            for wheel in wheels
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}"}
    return json.dumps({**head, **content}, indent=2, ensure_ascii=False) + "\n"


def _component(wheel: Wheel, kind: str) -> dict[str, Any]:
    licence = {"expression": wheel.expression} if wheel.expression else {"license": {"name": wheel.licence}}
    return {
        "type": kind,
        "bom-ref": _reference(wheel),
        "name": wheel.name,
        "version": wheel.version,
        "purl": _reference(wheel),
        "licenses": [licence],
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "properties": [{"name": "fenming:file", "value": wheel.file}],
    }


def _reference(wheel: Wheel) -> str:
    return f"pkg:pypi/{wheel.name}@{wheel.version}"
