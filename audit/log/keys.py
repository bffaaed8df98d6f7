"""The keys that sign checkpoints: Ed25519, in the forms in which c2sp.org/signed-note and Go's note tools write them.

A public key is `<name>+<key id>+<base 64 of the algorithm's byte and the key>`; a private key has `PRIVATE+KEY+` before
that and the seed in place of the key. The id is the beginning of a SHA-256 over the name, the algorithm and the key.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit.log.coding import decoded, encoded
from audit.log.fsync import sync_folder
from engine.base.faults import FenmingError, InvalidInput, NotFound, Refused, Unavailable, problem
from engine.base.messages import Message, msg, reason_of
from engine.base.places import Place

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_KEY_BYTES = 32
SIGNATURE_BYTES = 64
_MOST_BYTES = 10_000
_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures, with the name of the office that it represents."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    @property
    def label(self) -> str:
        """The key's name and id, which distinguish it from others of the same name."""
        return f"{self.name}+{self.key_id.hex()}"

    @property
    def text(self) -> str:
        """The key as people exchange it."""
        return f"{self.label}+{encoded(_ED25519 + self.key)}"

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Return whether a signature is this key's over this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


class NamedKey(NamedTuple):
    """A key with the number of the entry that names it."""

    entry: int
    key: PublicKey


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A key that signs; it never shows its seed but to the file that keeps it."""

    name: str
    seed: bytes
    public: PublicKey = field(init=False)
    """The key that checks what this one signs."""
    _key: Ed25519PrivateKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "public", PublicKey(self.name, key.public_key().public_bytes_raw()))

    @property
    def text(self) -> str:
        """The secret as its file keeps it."""
        return f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}+{encoded(_ED25519 + self.seed)}"

    def sign(self, text: bytes) -> bytes:
        """Return the signature over a text."""
        return self._key.sign(text)


def new_key(name: str) -> SigningKey:
    """Make a key from the system's randomness."""
    if not _is_name(name):
        raise InvalidInput.because(
            problem("key.bad-name", "“{name}” cannot be the name of a key.", name=name),
            msg("Use letters, digits, dots, slashes and hyphens, such as czj.jiangmen.gov.cn/fenming."),
        )
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def write_key(key: SigningKey, path: Path) -> None:
    """Write a private key to a new file that only its owner may read; an existing file is left alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _OWNER_ONLY)
    except FileExistsError:
        raise Refused.because(
            problem("key.exists", "There is already a file “{path}”; it was left as it is.", path=str(path)),
            msg("Name another file for the new key."),
            Place(str(path)),
        ) from None
    except OSError as error:
        raise _key_unwritten(str(path), reason_of(error)) from error
    try:
        _fill(descriptor, key, path)
    except BaseException:
        # Half a key would only be in the way of the next one.
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def _fill(descriptor: int, key: SigningKey, path: Path) -> None:
    try:
        # The umask may have taken, and never given; a file system without permissions shows here.
        os.fchmod(descriptor, _OWNER_ONLY)
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != _OWNER_ONLY:
            raise _open_key(str(path))
        with os.fdopen(os.dup(descriptor), "w", encoding="utf-8") as stream:
            stream.write(f"{key.text}\n")
        os.fsync(descriptor)
        sync_folder(path.parent)
    except OSError as error:
        raise _key_unwritten(str(path), reason_of(error)) from error


def read_key(path: Path) -> SigningKey:
    """Read a private key; refused if anyone but its owner may read or change the file."""
    mode, data = _read(path)
    key = _parsed(data, _PRIVATE)
    if key is None and _parsed(data, "") is not None:
        raise InvalidInput.because(
            problem("key.public-given", "“{path}” is a public key; it takes the private one to sign.", path=str(path)),
            msg("Name a file that `fenming audit key new` made."),
            Place(str(path)),
        )
    if key is None:
        raise _not_a_private_key(str(path))
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise _open_key(str(path))
    name, key_id, seed = key
    found = SigningKey(name, seed)
    if found.public.key_id.hex() != key_id:
        raise _not_a_private_key(str(path))
    return found


def read_public_key(path: Path) -> PublicKey:
    """Read a file with a public key."""
    _, data = _read(path)
    if data.startswith(_PRIVATE.encode()):
        raise InvalidInput.because(
            problem("key.private-given", "“{path}” is a private key; a check takes the public one.", path=str(path)),
            msg("Print it with `fenming audit key show`, and keep the private key to its owner."),
            Place(str(path)),
        )
    found = parse_public_key(data.decode("utf-8", "replace").strip())
    if found is None:
        raise InvalidInput.because(
            problem("key.not-public", "“{path}” is not a public key.", path=str(path)),
            msg("Name a file with the line that `fenming audit key show` prints."),
            Place(str(path)),
        )
    return found


def _read(path: Path) -> tuple[int, bytes]:
    """Return a file's mode and bytes; no bytes where it is not a file, or is too long for a key."""
    try:
        # A pipe that nobody writes to must not keep us waiting.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as stream:
            mode = os.fstat(stream.fileno()).st_mode
            data = stream.read(_MOST_BYTES + 1) if stat.S_ISREG(mode) else b""
    except IsADirectoryError:
        return 0, b""
    except FileNotFoundError:
        raise NotFound.because(
            problem("key.missing", "There is no key “{path}”.", path=str(path)),
            msg("Correct the path, or make a key with `fenming audit key new`."),
            Place(str(path)),
        ) from None
    except OSError as error:
        raise Unavailable.because(
            problem(
                "key.unreadable", "The key “{path}” cannot be read: {reason}.", path=str(path), reason=reason_of(error)
            ),
            msg("Check the path and its permissions."),
            Place(str(path)),
        ) from error
    return mode, data if len(data) <= _MOST_BYTES else b""


def parse_public_key(text: str) -> PublicKey | None:
    """Read a public key as people exchange it; None where it is not one."""
    parsed = _parsed(text.encode("utf-8", "replace"), "")
    if parsed is None:
        return None
    name, key_id, key = parsed
    found = PublicKey(name, key)
    return found if found.key_id.hex() == key_id else None


def _parsed(data: bytes, prefix: str) -> tuple[str, str, bytes] | None:
    """Return the name, the id and the key's bytes."""
    try:
        text = data.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError:
        return None
    if not text.startswith(prefix):
        return None
    parts = text.removeprefix(prefix).split("+", 2)  # base 64 may hold more of them
    if len(parts) != 3:  # noqa: PLR2004 - name, id, key
        return None
    name, key_id, code = parts
    raw = decoded(code)
    if raw is None or not _is_name(name) or raw[:1] != _ED25519 or len(raw) != 1 + _KEY_BYTES:
        return None
    return name, key_id, raw[1:]


def _is_name(name: str) -> bool:
    """Return whether a key may have this name: some text without spaces, plus signs or control characters."""
    return bool(name) and "+" not in name and name.isprintable() and not any(c.isspace() for c in name)


def _key_unwritten(path: str, reason: Message) -> FenmingError:
    """The system does not let us write the key."""
    return Unavailable.because(
        problem("key.unwritable", "The key “{path}” cannot be written: {reason}.", path=path, reason=reason),
        msg("Check the folder, its permissions and the disk."),
        Place(path),
    )


def _open_key(path: str) -> FenmingError:
    """Others than the owner can read the private key."""
    return Refused.because(
        problem(
            "key.open",
            "Other users can read or change the private key “{path}”, so its signatures prove nothing.",
            path=path,
        ),
        msg(
            "Make a new key on a disk with permissions. "
            "If you are sure that nobody has read this one: `chmod 600 {path}`.",
            path=path,
        ),
        Place(path),
    )


def _not_a_private_key(path: str) -> FenmingError:
    """The file holds something else."""
    return InvalidInput.because(
        problem("key.not-private", "“{path}” is not a private key.", path=path),
        msg("Name a file that `fenming audit key new` made."),
        Place(path),
    )
