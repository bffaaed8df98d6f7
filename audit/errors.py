"""What can be wrong with a ledger, each with its remedy."""

from __future__ import annotations

from engine.errors import FenmingError, Message, Place, msg


class LedgerError(FenmingError):
    """The ledger refused, or is not what it should be; nothing was written."""

    exit_code = 4


class NotText(LedgerError):
    """A column holds bytes that are no text."""


class Strange(Exception):
    """What stands in the database is nothing that we write; the ledger turns this into an error with its path."""

    def __init__(self, what: Message) -> None:
        super().__init__(what.template)
        self.what = what


def unknown_kind(url: str) -> FenmingError:
    """The address names something other than a SQLite file or a PostgreSQL database."""
    return LedgerError.because(
        msg("“{url}” is no ledger that fenming can open: it keeps ledgers in SQLite and PostgreSQL.", url=url),
        msg("Give the path of a file, such as fenming.db, or an address such as postgresql://user@host/database."),
    )


def missing(path: str) -> FenmingError:
    """There is no file, and the command only reads."""
    return LedgerError.because(
        msg("There is no ledger at “{path}”.", path=path),
        msg("Record an evaluation with `fenming evaluate`, or name another ledger with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def folder_missing(path: str, folder: str) -> FenmingError:
    """The ledger would stand in a folder that does not exist."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be made: there is no folder “{folder}”.", path=path, folder=folder),
        msg("Make the folder first, or name another ledger with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def not_a_file(path: str) -> FenmingError:
    """A folder or a device stands where the ledger should be."""
    return LedgerError.because(
        msg("“{path}” is not a file, so it cannot be a ledger.", path=path),
        msg("Name a file, with --ledger or FENMING_LEDGER."),
        Place(path),
    )


def unreachable(path: str, reason: Message | str) -> FenmingError:
    """The system does not let us at the file."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be opened: {reason}.", path=path, reason=reason),
        msg("Check the path, and that you may read and write the file and its folder."),
        Place(path),
    )


def not_a_database(path: str) -> FenmingError:
    """The file is something else."""
    return LedgerError.because(
        msg("“{path}” is not a database, so it is not a ledger.", path=path),
        msg("Name the ledger's file with --ledger or FENMING_LEDGER. fenming has not changed this one."),
        Place(path),
    )


def not_a_ledger(path: str) -> FenmingError:
    """There is a database, but not one of ours."""
    return LedgerError.because(
        msg("“{path}” is a database, but not a fenming ledger.", path=path),
        msg("Name the ledger with --ledger or FENMING_LEDGER. fenming has not changed this one."),
        Place(path),
    )


def empty(path: str) -> FenmingError:
    """There are no tables, as when their making was cut short."""
    return LedgerError.because(
        msg("“{path}” is empty: it is not a ledger yet.", path=path),
        msg("Record an evaluation with `fenming evaluate`; the ledger is then made in it."),
        Place(path),
    )


def newer(path: str, version: int, known: int) -> FenmingError:
    """A later fenming wrote the ledger."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has format {version}; this fenming knows formats up to {known}.",
            path=path,
            version=version,
            known=known,
        ),
        msg("Open it with a newer fenming."),
        Place(path),
    )


def older(path: str, version: int, known: int) -> FenmingError:
    """An earlier fenming wrote the ledger."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has format {version}; this fenming works with format {known}.",
            path=path,
            version=version,
            known=known,
        ),
        msg("Bring it into a new ledger with `fenming audit migrate`; the old one stays as it is."),
        Place(path),
    )


def not_older(path: str, version: int) -> FenmingError:
    """There is nothing to bring over."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has format {version} already, so there is nothing to migrate.",
            path=path,
            version=version,
        ),
        msg("Use it as it is."),
        Place(path),
    )


def not_empty(path: str) -> FenmingError:
    """Something stands already where another ledger should be brought."""
    return LedgerError.because(
        msg("The ledger “{path}” holds entries already.", path=path),
        msg("Nothing was written. Name a new ledger with --ledger."),
        Place(path),
    )


def unguarded(path: str, names: list[str]) -> FenmingError:
    """Someone has removed or altered the triggers that refuse changes."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” is no longer protected against changes: {triggers} missing, altered or added.",
            path=path,
            triggers=", ".join(names),
        ),
        msg("Nothing was written. Find out who changed it, and go on from a copy that is still protected."),
        Place(path),
    )


def locked(path: str, seconds: float) -> FenmingError:
    """Another process held the ledger for longer than we wait."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” was in use by another program for over {seconds} s.", path=path, seconds=f"{seconds:g}"
        ),
        msg("Nothing was written. Wait for the other program to end, then try again."),
        Place(path),
    )


def checkpoints_busy(path: str, seconds: float) -> FenmingError:
    """Another process held the file of the checkpoints for longer than we wait."""
    return LedgerError.because(
        msg(
            "The file of checkpoints “{path}” was in use by another program for over {seconds} s.",
            path=path,
            seconds=f"{seconds:g}",
        ),
        msg("Nothing was written. Wait for the other program to end, then try again."),
        Place(path),
    )


def read_only(path: str) -> FenmingError:
    """The file or its folder does not take writing."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be written: it is read-only here.", path=path),
        msg("Nothing was written. Check that you may write the file and its folder (a journal is kept beside it)."),
        Place(path),
    )


def disk_full(path: str) -> FenmingError:
    """There is no room left."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot grow: the disk is full.", path=path),
        msg("Nothing was written. Make room, then try again."),
        Place(path),
    )


def disk_failed(path: str, reason: str) -> FenmingError:
    """The system reported an error while reading or writing."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be read or written: {reason}.", path=path, reason=reason),
        msg(
            "Check the disk and the file's permissions, then try again. An evaluation is recorded whole or not at all."
        ),
        Place(path),
    )


def damaged(path: str, what: Message | str) -> FenmingError:
    """What is stored does not fit together."""
    return LedgerError.because(
        msg("The ledger “{path}” is damaged: {what}.", path=path, what=what),
        msg("Do not rely on it. Compare it with a copy, and find out what changed it."),
        Place(path),
    )


def not_text(path: str) -> FenmingError:
    """What should be text is not."""
    return NotText.because(
        msg("The ledger “{path}” is damaged: a column holds bytes that are no text.", path=path),
        msg("Do not rely on it. `fenming audit verify` tells where it is."),
        Place(path),
    )


def altered(path: str, what: Message) -> FenmingError:
    """What is stored is not what was recorded."""
    return LedgerError.because(
        msg("The ledger “{path}” has been changed since it was written: {what}.", path=path, what=what),
        msg("Do not rely on it. Compare it with a copy, and find out what changed it."),
        Place(path),
    )


def refused(path: str, reason: str) -> FenmingError:
    """The database itself refused an entry."""
    return LedgerError.because(
        msg("The ledger “{path}” refused the entry: {reason}.", path=path, reason=reason),
        msg("Nothing was written. If this happens again, the ledger may have been changed by another program."),
        Place(path),
    )


def no_evaluation(path: str) -> FenmingError:
    """`latest` was asked of a ledger without an evaluation."""
    return LedgerError.because(
        msg("The ledger “{path}” holds no evaluation yet.", path=path),
        msg("Record one with `fenming evaluate`."),
        Place(path),
    )


def unknown(path: str, reference: str) -> FenmingError:
    """No evaluation has this id."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has no evaluation whose id begins with “{reference}”.", path=path, reference=reference
        ),
        msg("`fenming audit log` lists the evaluations; `latest` is the last one."),
        Place(path),
    )


def ambiguous(path: str, reference: str, candidates: str) -> FenmingError:
    """Several evaluations have ids that begin so."""
    return LedgerError.because(
        msg(
            "“{reference}” stands for more than one evaluation: {candidates}.",
            reference=reference,
            candidates=candidates,
        ),
        msg("Give more digits of the id."),
        Place(path),
    )


def unknown_ruleset(path: str, digest: str) -> FenmingError:
    """No ruleset has this digest."""
    return LedgerError.because(
        msg("The ledger “{path}” holds no ruleset with the digest “{digest}”.", path=path, digest=digest),
        msg("`fenming audit log` lists the evaluations with their rulesets."),
        Place(path),
    )


def wrong_case(evaluation: str, was: str, now: str) -> FenmingError:
    """A correction names an evaluation of another case."""
    return LedgerError.because(
        msg(
            "Evaluation {evaluation} is of {was}; it cannot be superseded by one of {now}.",
            evaluation=evaluation,
            was=was,
            now=now,
        ),
        msg("Nothing was written. Name an evaluation of the same department and year."),
    )


def superseded_already(evaluation: str, by: str) -> FenmingError:
    """A correction names an evaluation that has a correction already."""
    return LedgerError.because(
        msg("Evaluation {evaluation} has already been superseded by {by}.", evaluation=evaluation, by=by),
        msg("Nothing was written. Supersede {by} instead.", by=by),
    )


def no_reason() -> FenmingError:
    """A correction does not say why."""
    return LedgerError.because(
        msg("A correction that supersedes an evaluation must say why."),
        msg("Nothing was written. Give the reason."),
    )


def bad_text(name: Message, value: str) -> FenmingError:
    """The actor or the reason cannot be kept as text."""
    return LedgerError.because(
        msg(
            "“{value}” cannot be recorded as the {name}: it is empty or has characters that do not print.",
            name=name,
            value=value,
        ),
        msg("Nothing was written. Write it as plain text."),
    )


def wrong_sources(path: str, given: str, named: str) -> FenmingError:
    """The texts given are not those that the receipt was made from."""
    return LedgerError.because(
        msg(
            "The receipt names the ruleset {named}, but the texts given with it are {given}.", named=named, given=given
        ),
        msg("Nothing was written. Evaluate again."),
        Place(path),
    )


def checkpoints_unread(path: str, reason: Message) -> FenmingError:
    """The system does not let us at the checkpoints."""
    return LedgerError.because(
        msg("The checkpoints “{path}” cannot be read: {reason}.", path=path, reason=reason),
        msg("Check the folder and its permissions, or name another with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def checkpoints_unwritten(path: str, reason: Message) -> FenmingError:
    """The checkpoints take no writing, which shows before anything is recorded."""
    return LedgerError.because(
        msg("The checkpoints “{path}” cannot be written: {reason}.", path=path, reason=reason),
        msg(
            "Nothing was written. Check the folder and its permissions, or name another with --checkpoints or "
            "FENMING_CHECKPOINTS."
        ),
        Place(path),
    )


def checkpoint_lost(path: str, reason: Message) -> FenmingError:
    """The entry is in the ledger, but its checkpoint could not be kept."""
    return LedgerError.because(
        msg("It is recorded, but its checkpoint could not be kept in “{path}”: {reason}.", path=path, reason=reason),
        msg("Do not record it again. Mend the folder: the next checkpoint covers this entry too."),
        Place(path),
    )


def checkpoints_elsewhere(path: str, folder: str, size: int) -> FenmingError:
    """The ledger has entries, and checkpoints were never kept in this folder."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” has {size} entries, and its checkpoints are not in “{folder}”.",
            path=path,
            size=size,
            folder=folder,
        ),
        msg(
            "Nothing was written. Name their folder with --checkpoints or FENMING_CHECKPOINTS. If they are lost, or to "
            "be kept here from now on, `fenming audit seal` checks the ledger and begins."
        ),
        Place(path),
    )


def nothing_to_seal(path: str) -> FenmingError:
    """A checkpoint is asked for, and there is no entry yet."""
    return LedgerError.because(
        msg("The ledger “{path}” has no entries yet, so there is nothing to seal.", path=path),
        msg("Record an evaluation with `fenming evaluate`; its checkpoint is kept by itself."),
        Place(path),
    )


def foreign_checkpoints(path: str, folder: str) -> FenmingError:
    """The folder's checkpoints are of another ledger, or the ledger is another one than it was."""
    return LedgerError.because(
        msg("The checkpoints in “{folder}” are not of the ledger “{path}”.", path=path, folder=folder),
        msg(
            "Nothing was written. If the ledger has been replaced, find out by whom; for a new ledger name another "
            "folder with --checkpoints or FENMING_CHECKPOINTS."
        ),
        Place(path),
    )


def entries_removed(path: str, size: int, kept: int) -> FenmingError:
    """The ledger is shorter than it was."""
    return LedgerError.because(
        msg("The ledger “{path}” has {size} entries, but it had {kept} before.", path=path, size=size, kept=kept),
        msg("Nothing was written: its newest entries have been removed. Go on from a copy that still has them."),
        Place(path),
    )


def rewritten(path: str, size: int) -> FenmingError:
    """The ledger's tree is not the one that a checkpoint has."""
    return LedgerError.because(
        msg("The first {size} entries of the ledger “{path}” are not those of its checkpoint.", path=path, size=size),
        msg("Nothing was written: the ledger has been rewritten. `fenming audit verify` tells what is wrong."),
        Place(path),
    )


def key_needed(path: str, name: str) -> FenmingError:
    """The ledger is signed, and there is no key."""
    return LedgerError.because(
        msg("The ledger “{path}” is signed by “{name}”, and no key is given.", path=path, name=name),
        msg("Nothing was written. Name the private key's file with --signing-key or FENMING_KEY."),
        Place(path),
    )


def other_key(path: str, name: str) -> FenmingError:
    """The ledger is signed by another key."""
    return LedgerError.because(
        msg("The ledger “{path}” is signed by another key, “{name}”.", path=path, name=name),
        msg("Nothing was written. Name that key; or change over to the new one with `fenming audit key rotate`."),
        Place(path),
    )


def same_key(path: str) -> FenmingError:
    """The new key is the one in force."""
    return LedgerError.because(
        msg("The ledger “{path}” is signed by this key already.", path=path),
        msg("Nothing was written. Make a new key with `fenming audit key new`."),
        Place(path),
    )


def workers_ended(path: str) -> FenmingError:
    """Something ended the processes that verify."""
    return LedgerError.because(
        msg("The verification of “{path}” was cut off: a process of it was ended.", path=path),
        msg("Nothing was changed. Verify again, with more memory to spare."),
        Place(path),
    )


def no_entry(path: str, index: int, size: int) -> FenmingError:
    """No entry has this number."""
    return LedgerError.because(
        msg("The ledger “{path}” has no entry {index}: it has {size} entries.", path=path, index=index, size=size),
        msg("Entries are numbered from 0; `fenming audit log` lists them."),
        Place(path),
    )


def unsigned_ledger(path: str) -> FenmingError:
    """A proof is asked for, and nobody vouches for the ledger."""
    return LedgerError.because(
        msg("The ledger “{path}” is not signed, so nothing in it can be proved to others.", path=path),
        msg("Make a key with `fenming audit key new`, and take it up with `fenming audit key rotate`."),
        Place(path),
    )


def no_signed_checkpoint(path: str, index: int, name: str) -> FenmingError:
    """The folder holds no checkpoint that covers the entry and is signed."""
    return LedgerError.because(
        msg(
            "No checkpoint that “{name}” signed covers entry {index} of “{path}”.",
            path=path,
            index=index,
            name=name,
        ),
        msg("Check the key, and name the folder of the checkpoints with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def no_checkpoints(path: str, folder: str) -> FenmingError:
    """The folder holds no checkpoint."""
    return LedgerError.because(
        msg("There is no checkpoint of the ledger “{path}” in “{folder}”.", path=path, folder=folder),
        msg("Name the folder of its checkpoints with --checkpoints or FENMING_CHECKPOINTS."),
        Place(path),
    )


def no_such_checkpoint(path: str, folder: str, size: int) -> FenmingError:
    """The folder holds checkpoints, and none of so many entries."""
    return LedgerError.because(
        msg("There is no checkpoint of {size} entries in “{folder}”.", size=size, folder=folder),
        msg("Give a number of entries that the ledger had after a recording, or `latest`."),
        Place(path),
    )


def bad_address(url: str) -> FenmingError:
    """The address of a PostgreSQL database cannot be taken apart; it is not repeated, for it may hold a password."""
    return LedgerError.because(
        msg("The address “{url}” of the ledger cannot be read.", url=url),
        msg(
            "Write it as postgresql://user@host:port/database, and within a name or password %40 for @, %2F for /, "
            "%3F for ?, %23 for # and %3A for :."
        ),
    )


def driver_missing(name: str) -> FenmingError:
    """The ledger is in PostgreSQL, and psycopg is not installed."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be opened: the PostgreSQL driver is not installed.", path=name),
        msg("Install it with: pip install 'fenming[postgresql]'"),
        Place(name),
    )


def unconnected(name: str, reason: str) -> FenmingError:
    """No connection came about: no server, no such database or user, a wrong password."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be reached: {reason}.", path=name, reason=reason),
        msg(
            "Check that the server runs, and the host, port, database and user of the address. "
            "A password is best kept in ~/.pgpass or PGPASSWORD."
        ),
        Place(name),
    )


def connection_lost(name: str, reason: str) -> FenmingError:
    """The connection ended before its time; if that was during the commit, nobody can say which came first."""
    return LedgerError.because(
        msg("The connection to the ledger “{path}” was lost: {reason}.", path=name, reason=reason),
        msg(
            "An evaluation is recorded whole or not at all: look at `fenming audit log`, and record it again if it "
            "is not there."
        ),
        Place(name),
    )


def other_encoding(name: str, encoding: str) -> FenmingError:
    """The database cannot hold every character."""
    return LedgerError.because(
        msg("The database “{path}” has the encoding {encoding}; a ledger needs UTF8.", path=name, encoding=encoding),
        msg("Make another with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"),
        Place(name),
    )


def other_file_encoding(path: str, encoding: str) -> FenmingError:
    """The file's texts are not in UTF-8, in which fenming makes every file: somebody has made it anew."""
    return LedgerError.because(
        msg("The database “{path}” has the encoding {encoding}; a ledger needs UTF8.", path=path, encoding=encoding),
        msg("fenming did not make this file so. Find out who did, and go on from a copy of the ledger as it was."),
        Place(path),
    )


def no_schema(name: str) -> FenmingError:
    """No schema of the search path is there that the user may use."""
    return LedgerError.because(
        msg("The database “{path}” has no schema that this user may use.", path=name),
        msg("Ask its administrator for USAGE on the ledger's schema, or for a search_path that leads to it."),
        Place(name),
    )


def not_allowed(name: str, reason: str) -> FenmingError:
    """The user lacks a privilege."""
    return LedgerError.because(
        msg("The ledger “{path}” does not allow this user to do that: {reason}.", path=name, reason=reason),
        msg("Nothing was written. Ask its administrator for the right to read the ledger, or to append to it."),
        Place(name),
    )


def server_read_only(name: str) -> FenmingError:
    """The server, the database or the user is set to read only, as on a standby."""
    return LedgerError.because(
        msg("The ledger “{path}” cannot be written: the server takes no writing here.", path=name),
        msg("Nothing was written. Name the primary server, or a user whose transactions are not read-only."),
        Place(name),
    )


def collided(name: str, reason: str) -> FenmingError:
    """The server chose this transaction to give way to another."""
    return LedgerError.because(
        msg(
            "The ledger “{path}” was in use by another program: {reason}.",
            path=name,
            reason=reason,
        ),
        msg("Nothing was written. Try again."),
        Place(name),
    )


def cancelled(name: str, reason: str) -> FenmingError:
    """A limit on time, or an administrator, ended a statement."""
    return LedgerError.because(
        msg("The server of the ledger “{path}” stopped the work: {reason}.", path=name, reason=reason),
        msg("Nothing was written. Try again; if it was a limit on time, ask for a longer statement_timeout."),
        Place(name),
    )


def server_failed(name: str, reason: str) -> FenmingError:
    """The server reported something for which we have no better words, such as too many connections."""
    return LedgerError.because(
        msg("The server of the ledger “{path}” reports: {reason}.", path=name, reason=reason),
        msg("Nothing was written. The server's log says more; when it is put right, try again."),
        Place(name),
    )
