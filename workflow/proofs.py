"""Make proofs from a ledger, and check them without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from audit.faults.errors import ProofError, ProofRefused, cut_back, other_ledger, unknown_entry
from audit.ledger.ledger import Ledger
from audit.ledger.proofs import checkpoint_of, extend, prove
from audit.ledger.references import LATEST, entry_number
from audit.log.entries import Entry, EvaluationEntry
from audit.log.keys import PublicKey
from audit.log.notes import Checkpoint
from audit.log.proofs import MOST_BYTES, ConsistencyProof, InclusionProof, check_signed, checkpoint_in, parse_proof
from engine.base.faults import Fault, InvalidInput, RulesetError, UsageFault, problem
from engine.base.messages import Message, msg, plural
from engine.base.places import Place
from engine.receipt import ReceiptError
from workflow.files import read_bytes
from workflow.ledger import open_ledger
from workflow.settings import Settings
from workflow.show import Shown, require_indicator, show_entry

_MOST_SIZE_DIGITS = 20
"""No checkpoint speaks of so many entries; and no file's name may be as long as a number can be."""


@dataclass(frozen=True, slots=True)
class CheckedProof:
    """A proof of an entry that holds: the entry, and the evaluation where the file has its receipt and its ruleset."""

    proof: InclusionProof
    entry: Entry
    shown: Shown | None


def prove_entry(settings: Settings, reference: str, key: PublicKey | None = None) -> InclusionProof:
    """Return the proof of an entry: by its number, the id of an evaluation, or `latest`."""
    with open_ledger(settings) as ledger:
        number = entry_number(reference)
        return prove(ledger, ledger.find(reference).entry if number is None else number, key)


def kept_checkpoint(settings: Settings, size: int | None = None) -> Checkpoint:
    """Return the checkpoint of so many entries, or the newest one."""
    with open_ledger(settings) as ledger:
        return checkpoint_of(ledger, size)


def prove_extension(settings: Settings, old: str, new: str, key: PublicKey | None = None) -> ConsistencyProof:
    """Return the proof that one checkpoint extends another; each is a file, a number of entries, or `latest`.

    `ProofRefused` where it does not, `UsageFault` where the older one is named second.
    """
    with open_ledger(settings) as ledger:
        first, second = _named(ledger, old), _named(ledger, new)
        if first.origin != second.origin:
            raise other_ledger(first.origin, second.origin)
        if first.size > second.size and new == LATEST:
            raise cut_back(first.size, second.size)
        if first.size > second.size:
            raise UsageFault(
                Fault(
                    problem(
                        "proof.order",
                        "The first checkpoint has {old}, the second {new}.",
                        old=plural("{count} entry", "{count} entries", count=first.size),
                        new=second.size,
                    ),
                    msg("Name the older one first."),
                )
            )
        for which, head in ((old, first), (new, second)):
            if key is not None:
                with _about(which):
                    check_signed(head, key)
        with _about(ledger.path):
            return extend(ledger, first, second)


def check_proof(file: str, key: PublicKey, indicator: int | None = None) -> CheckedProof | ConsistencyProof:
    """Check the proof in a file, without the ledger; `indicator` must be in the evaluation that it proves."""
    with _about(file):
        proof = parse_proof(_text(file, msg("Check the path; `fenming audit prove` makes a proof.")))
        if isinstance(proof, ConsistencyProof):
            proof.check(key)
            return proof
        entry = proof.check(key)
    return CheckedProof(proof, entry, _asked(proof, entry, indicator))


def _asked(proof: InclusionProof, entry: Entry, indicator: int | None) -> Shown | None:
    """Return the evaluation, if there is one; the indicator that is asked for must be in it."""
    shown = _shown(proof, entry)
    if indicator is not None and shown is None:
        raise InvalidInput(
            Fault(
                problem("proof.no-receipt", "The file contains no receipt, so it does not show what was scored."),
                msg("Leave out --indicator."),
            )
        )
    if indicator is not None and shown is not None:
        require_indicator(shown.case, indicator)
    return shown


def _shown(proof: InclusionProof, entry: Entry) -> Shown | None:
    """Return the evaluation as the ledger would show it, from the file alone.

    `ProofRefused` where a receipt or a ruleset, signed though they are, are not ones that this program can read.
    """
    if proof.receipt is None or proof.sources is None or not isinstance(entry, EvaluationEntry):
        return None
    try:
        return show_entry(proof.receipt.encode(), proof.sources, entry)
    except (ReceiptError, RulesetError) as error:
        raise unknown_entry(proof.index) from error


def _named(ledger: Ledger, which: str) -> Checkpoint:
    """Return the checkpoint that a word names: a file, a number of entries, or the latest."""
    if which == LATEST:
        return checkpoint_of(ledger)
    if which.isascii() and which.isdigit() and len(which) < _MOST_SIZE_DIGITS and not Path(which).exists():
        return checkpoint_of(ledger, int(which))
    with _about(which):
        return checkpoint_in(_text(which, msg("Check the path; `fenming audit checkpoint` prints a checkpoint.")))


def _text(file: str, remedy: Message) -> str:
    """Return the text of a proof or a checkpoint to the byte; nothing, which is neither, if it is not such a text."""
    try:
        return read_bytes(file, MOST_BYTES, remedy).decode()
    except UnicodeDecodeError:
        return ""


@contextmanager
def _about(file: str) -> Iterator[None]:
    """Let what is wrong with a proof or a checkpoint name the file that it is in."""
    try:
        yield
    except (ProofError, ProofRefused) as error:
        raise type(error)(*(replace(fault, where=Place(file)) for fault in error.faults)) from None
