"""What can be wrong with keys, checkpoints and proofs, each with its remedy."""

from __future__ import annotations

from audit.faults.wording import entry_count
from engine.base.faults import FenmingError, InvalidInput
from engine.base.messages import Message, msg
from engine.base.places import Place


class KeyFault(InvalidInput):
    """A key cannot be made, read or used."""


class ProofError(InvalidInput):
    """A file is no checkpoint or proof."""


class ProofRefused(FenmingError):
    """A proof is well written and does not prove what it should."""

    exit_code = 1


def bad_key_name(name: str) -> FenmingError:
    """The name cannot stand in a signature line."""
    return KeyFault.because(
        msg("“{name}” cannot be the name of a key.", name=name),
        msg("Use letters, digits, dots, slashes and hyphens, such as czj.jiangmen.gov.cn/fenming."),
    )


def key_exists(path: str) -> FenmingError:
    """A file stands where the new key should go."""
    return KeyFault.because(
        msg("There is already a file “{path}”; it was left as it is.", path=path),
        msg("Name another file for the new key."),
        Place(path),
    )


def key_unwritten(path: str, reason: Message) -> FenmingError:
    """The system does not let us write the key."""
    return KeyFault.because(
        msg("The key “{path}” cannot be written: {reason}.", path=path, reason=reason),
        msg("Check the folder, its permissions and the disk."),
        Place(path),
    )


def key_unread(path: str, reason: Message) -> FenmingError:
    """The system does not let us read the key."""
    return KeyFault.because(
        msg("The key “{path}” cannot be read: {reason}.", path=path, reason=reason),
        msg("Check the path and its permissions."),
        Place(path),
    )


def open_key(path: str) -> FenmingError:
    """Others than the owner can read the private key."""
    return KeyFault.because(
        msg("Others may read or change the private key “{path}”, so it proves nothing.", path=path),
        msg(
            "Make a new key on a disk with permissions. "
            "If you are sure that nobody has read this one: `chmod 600 {path}`.",
            path=path,
        ),
        Place(path),
    )


def not_a_private_key(path: str) -> FenmingError:
    """The file holds something else."""
    return KeyFault.because(
        msg("“{path}” is not a private key.", path=path),
        msg("Name a file that `fenming audit key new` made."),
        Place(path),
    )


def public_given(path: str) -> FenmingError:
    """A public key stands where a private one is asked for."""
    return KeyFault.because(
        msg("“{path}” is a public key; it takes the private one to sign.", path=path),
        msg("Name a file that `fenming audit key new` made."),
        Place(path),
    )


def not_a_public_key(path: str) -> FenmingError:
    """The file holds something else."""
    return KeyFault.because(
        msg("“{path}” is not a public key.", path=path),
        msg("Name a file with the line that `fenming audit key show` prints."),
        Place(path),
    )


def private_given(path: str) -> FenmingError:
    """A private key stands where a public one is asked for."""
    return KeyFault.because(
        msg("“{path}” is a private key; a check takes the public one.", path=path),
        msg("Print it with `fenming audit key show`, and keep the private key to its owner."),
        Place(path),
    )


def no_checkpoint() -> FenmingError:
    """A text is not a checkpoint to the byte."""
    return ProofError.because(
        msg("This is not a checkpoint, or not a whole one."),
        msg("Take it again, whole and unchanged, from where it was kept."),
    )


def bad_signature(name: str, size: int) -> FenmingError:
    """A signature names a key that we know, and does not hold."""
    return ProofRefused.because(
        msg(
            "The signature of “{name}” on the checkpoint of {entries} does not hold.",
            name=name,
            entries=entry_count(size),
        ),
        msg("Do not rely on it: the checkpoint has been changed, or was not made with this key."),
    )


def no_proof() -> FenmingError:
    """A file is no proof of ours."""
    return ProofError.because(
        msg("This is not a proof that fenming has made, or not a whole one."),
        msg("Take it again, whole and unchanged, from where it was kept; `fenming audit prove` makes one."),
    )


def unsigned(name: str, size: int) -> FenmingError:
    """A checkpoint has no signature of the key that is trusted."""
    return ProofRefused.because(
        msg("The checkpoint of {entries} is not signed by the key “{name}”.", name=name, entries=entry_count(size)),
        msg(
            "It proves nothing to whoever trusts that key. Check that it is the right key. If the office has changed "
            "its key since, ask it for the proof of the entry that names the new one: "
            "`fenming audit prove ENTRY --key FORMER`."
        ),
    )


def not_included(index: int, size: int) -> FenmingError:
    """The way does not lead from the entry to the root."""
    return ProofRefused.because(
        msg("This is not entry {index} of the ledger when it had {entries}.", index=index, entries=entry_count(size)),
        msg("Do not rely on it: the entry or the proof has been changed, or they do not belong together."),
    )


def other_receipt(index: int) -> FenmingError:
    """The receipt is not the one that the entry names."""
    return ProofRefused.because(
        msg("The receipt in the file is not the one that entry {index} stands for.", index=index),
        msg("Do not rely on it: the receipt has been changed."),
    )


def other_sources(index: int) -> FenmingError:
    """The ruleset is not the one that the entry names."""
    return ProofRefused.because(
        msg("The ruleset in the file is not the one that entry {index} was scored by.", index=index),
        msg("Do not rely on it: the ruleset has been changed."),
    )


def misnamed_ruleset(index: int) -> FenmingError:
    """The receipt gives its ruleset an id, a revision or a digest of the text that the ruleset does not have."""
    return ProofRefused.because(
        msg(
            "The receipt of entry {index} does not name the ruleset in the file as the ruleset names itself.",
            index=index,
        ),
        msg("Do not rely on it: whoever signed it has scored by another text under that name. Ask them."),
    )


def unknown_entry(index: int) -> FenmingError:
    """The key has signed something that is no entry as we write them."""
    return ProofRefused.because(
        msg("Entry {index} is signed, but this fenming cannot read what it says.", index=index),
        msg("Check it with a newer fenming, or ask who signed it."),
    )


def other_ledger(old: str, new: str) -> FenmingError:
    """Two checkpoints are of different ledgers."""
    return ProofRefused.because(
        msg("The one checkpoint is of “{old}”, the other of “{new}”.", old=old, new=new),
        msg("Compare checkpoints of one ledger."),
    )


def cut_back(kept: int, size: int) -> FenmingError:
    """A ledger has fewer entries than a checkpoint of it that somebody kept."""
    return ProofRefused.because(
        msg("The newest entries are gone: of the {kept} under the checkpoint, {size} are left.", size=size, kept=kept),
        msg(
            "Entries have been removed, or an older copy of the ledger put in its place. Keep the checkpoint: it "
            "shows that there were more."
        ),
    )


def not_consistent(old: int, new: int) -> FenmingError:
    """A checkpoint does not extend another."""
    return ProofRefused.because(
        msg("The checkpoint of {new} does not extend the one of {old}.", old=old, new=entry_count(new)),
        msg(
            "Entries or one of the checkpoints have been changed, removed or reordered: do not rely on the ledger "
            "before you know which."
        ),
    )
