"""Checking that a ruleset's texts are what its name says: one id and revision name one text."""

from __future__ import annotations

import json
from collections.abc import Mapping

from msgspec import convert

from engine.base.faults import InvalidInput
from engine.base.sources import RULESET, canonical, is_own, sha256
from engine.documents import read_document
from engine.receipt.model import RulesetName
from engine.ruleset.surface import written_under


def is_named_right(name: RulesetName, manifest: Mapping[str, str], ruleset: str | None) -> bool:
    """Return whether a ruleset's own texts have the digest that its name gives, and the main one its id and revision.

    `manifest` gives the digest of each text by its name, and `ruleset` is the text of `ruleset.yaml`.
    """
    return ruleset is not None and has_text(name, manifest) and names_itself(name, ruleset)


def has_text(name: RulesetName, manifest: Mapping[str, str]) -> bool:
    """Return whether a ruleset's own texts have the digest that its name gives."""
    own = {each: digest for each, digest in manifest.items() if is_own(each)}
    return RULESET in own and sha256(canonical(own)) == name.text


def names_itself(name: RulesetName, ruleset: str) -> bool:
    """Return whether the text of `ruleset.yaml` gives the id and the revision of its name."""
    return _id_and_revision(ruleset) == (name.id, name.revision)


def _id_and_revision(ruleset: str) -> tuple[object, object] | None:
    """Return what a ruleset says of itself; its first revision is not numbered."""
    try:
        root = read_document(ruleset, RULESET)
    except InvalidInput:
        return None
    named, revision = written_under(root, "id"), written_under(root, "revision")
    return None if named is None else named.value, 1 if revision is None else revision.value


def named_in(receipt: str) -> RulesetName | None:
    """Return what a receipt of any version says of its ruleset; None where it does not name one."""
    try:
        found = json.loads(receipt)
        return convert(found["ruleset"], RulesetName)
    except (TypeError, ValueError, LookupError, RecursionError):
        return None
