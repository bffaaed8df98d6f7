"""What can be wrong with keys, checkpoints and proofs, each with its remedy."""

from __future__ import annotations

from engine.errors import FenmingError, InvalidInput, Place, msg


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


def key_unwritten(path: str, reason: str) -> FenmingError:
    """The system does not let us write the key."""
    return KeyFault.because(
        msg("The key “{path}” cannot be written: {reason}.", path=path, reason=reason),
        msg("Check the folder and its permissions."),
        Place(path),
    )


def key_unread(path: str, reason: str) -> FenmingError:
    """The system does not let us read the key."""
    return KeyFault.because(
        msg("The key “{path}” cannot be read: {reason}.", path=path, reason=reason),
        msg("Check the path; `fenming audit key new` makes a key."),
        Place(path),
    )


def open_key(path: str) -> FenmingError:
    """Others than the owner can read the private key."""
    return KeyFault.because(
        msg("Others may read or change the private key “{path}”, so it proves nothing.", path=path),
        msg("Make a new key on a disk with permissions. If you are sure that nobody has read this one: chmod 600."),
        Place(path),
    )


def not_a_private_key(path: str) -> FenmingError:
    """The file holds something else."""
    return KeyFault.because(
        msg("“{path}” is not a private key.", path=path),
        msg("Name the file that `fenming audit key new` made, with --signing-key or FENMING_KEY."),
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
        msg("This is not a checkpoint as c2sp.org/tlog-checkpoint describes it."),
        msg("Take it again, whole and unchanged, from where it was kept."),
    )


def bad_signature(name: str, size: int) -> FenmingError:
    """A signature names a key that we know, and does not hold."""
    return ProofRefused.because(
        msg("The signature of “{name}” on the checkpoint of {size} entries does not hold.", name=name, size=size),
        msg("Do not rely on it: the checkpoint has been changed, or was not made with this key."),
    )
