"""The tree of commands: their names, what they are for, and the module of each, which is loaded when it is run."""

from __future__ import annotations

from dataclasses import dataclass

from cli.terminal.borrowed import _


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """One command; its module has a function `command`."""

    name: str
    help: str
    module: str


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A group of commands."""

    name: str
    help: str
    entries: tuple[CommandEntry | GroupEntry, ...]


def _entry(name: str, module: str, help_: str) -> CommandEntry:
    return CommandEntry(name, help_, f"cli.commands.{module}")


FACTS = (
    _entry("check", "facts.check", _("Check a facts file against its ruleset and report every fault at once.")),
    _entry("template", "facts.template", _("Print a commented facts file to fill in.")),
    _entry("types", "facts.types", _("List the fact types, of a ruleset or all shared ones, with their fields.")),
)
RULESET = (
    _entry("list", "ruleset.list", _("List the rulesets.")),
    _entry(
        "show",
        "ruleset.show",
        _("Show a whole ruleset: each clause with its rules, their conditions, bands and amounts; the readings."),
    ),
    _entry("diff", "ruleset.diff", _("Show what one ruleset changes compared with another, in the form's own terms.")),
    _entry(
        "new", "ruleset.new", _("Make a ruleset from another, for the next year: copied whole, and yet to be reviewed.")
    ),
    _entry("confirm", "ruleset.confirm", _("Confirm clauses, parameters and readings of a ruleset that was copied.")),
    _entry(
        "test", "ruleset.test", _("Check a ruleset in every reading, run the golden cases beside it, and examine it.")
    ),
)
KEY = (
    _entry("new", "audit.key_new", _("Create a key in a new file that only you can read, and print its public half.")),
    _entry("show", "audit.key_show", _("Print the public key: of a private key, or the one that signs the ledger.")),
    _entry("rotate", "audit.key_rotate", _("Sign with another key from now on; the former key vouches for it.")),
)
AUDIT = (
    _entry(
        "prove",
        "audit.prove",
        _("Write a file that proves an entry to anyone who has the public key, without the ledger."),
    ),
    _entry("check", "audit.check", _("Check a proof, without the ledger, and show what it proves.")),
    _entry(
        "consistent", "audit.consistent", _("Prove that one checkpoint extends another: nothing between was changed.")
    ),
    _entry(
        "checkpoint",
        "audit.checkpoint",
        _("Print a checkpoint, to be kept where the operator of the ledger cannot reach it."),
    ),
    _entry("verify", "audit.verify", _("Check the whole ledger and report every entry that has changed.")),
    _entry(
        "seal", "audit.seal", _("Check the entries that no checkpoint covers yet, and keep a checkpoint of the ledger.")
    ),
    _entry(
        "backup",
        "audit.backup",
        _("Copy the ledger, also while it is in use, with its checkpoints into a new folder, and verify the copy."),
    ),
    _entry("restore", "audit.restore", _("Put a backup in the place of a ledger that is gone, and verify it.")),
    _entry("grants", "audit.grants", _("Print the SQL for a role that may only read and append, on PostgreSQL.")),
    _entry("log", "audit.log", _("List the evaluations in force and the changes of keys, the newest first.")),
    GroupEntry("key", _("Make, show and change the key that signs checkpoints."), KEY),
)
EVIDENCE = (
    _entry(
        "check",
        "evidence_check",
        _("Report which evidence files of an evaluation are unchanged, changed or gone."),
    ),
)
TREE = GroupEntry(
    "fenming",
    _("Score a department's yearly budget performance by rule, and show why each point was given or taken."),
    (
        _entry("demo", "demo", _("Score the example into a fresh ledger and show its card.")),
        _entry("evaluate", "evaluate", _("Score a facts file, record every firing in the ledger, and show the card.")),
        _entry("show", "show", _("Show the card: the form itself, with the reason for each point lost.")),
        _entry(
            "explain",
            "explain",
            _("Explain points: rule, clause, facts, evidence, formula with its numbers, readings."),
        ),
        _entry("report", "report", _("Write an evaluation with all that explains it as one file for its readers.")),
        _entry(
            "why-not", "why_not", _("Say why a rule did not fire: each condition, with what it read and by how much.")
        ),
        _entry(
            "what-if",
            "what_if",
            _("Show what an evaluation would come to with other facts or readings, beside what was recorded."),
        ),
        _entry("compare", "compare", _("Compare two evaluations, or what was claimed with the score.")),
        _entry("find", "find", _("List the evaluations, or the firings, that meet all that is asked.")),
        _entry(
            "improve",
            "improve",
            _("Show what it would take to gain the points that were lost: the smallest changes, and what each gains."),
        ),
        _entry(
            "readings",
            "readings",
            _("Show what other readings would have scored, and the range of the total over all of them."),
        ),
        _entry("replay", "replay", _("Score recorded cases again from the ledger alone and report any difference.")),
        GroupEntry("facts", _("Check a facts file, or make one to fill in."), FACTS),
        GroupEntry("ruleset", _("List, show, compare, copy, confirm and test rulesets."), RULESET),
        GroupEntry("audit", _("List and check the entries of the ledger, and prove them."), AUDIT),
        GroupEntry("evidence", _("Compare the files of evidence with what was recorded of them."), EVIDENCE),
    ),
)
