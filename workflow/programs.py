"""The compiled programs of this process: each ruleset is compiled once for each choice of readings."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.sources import Sources
from engine.program import Pieces, Program, compile_pieces
from engine.ruleset import Ruleset, read_ruleset

MOST_PROGRAMS = 64
"""How many compiled programs are kept at once."""

MOST_PIECES = 8
"""Of how many rulesets the compiled pieces are kept, of which the programs of other readings are made."""


class Programs:
    """A cache of rulesets by digest, and of programs by digest and readings."""

    def __init__(self) -> None:
        self._rulesets: dict[str, Ruleset] = {}
        self._pieces: dict[str, Pieces] = {}
        self._programs: dict[tuple[str, tuple[tuple[str, str], ...]], Program] = {}

    def ruleset(self, sources: Sources, digest: str | None = None) -> Ruleset:
        """Return the ruleset that some texts are; `digest` is that of the texts, where it is known."""
        key = digest or sources.digest
        if key not in self._rulesets:
            self._rulesets[key] = read_ruleset(sources)
        return self._rulesets[key]

    def keep(self, ruleset: Ruleset) -> None:
        """Take in a ruleset that has been read already."""
        self._rulesets[ruleset.digest] = ruleset

    def program(self, ruleset: Ruleset, readings: Mapping[str, str]) -> Program:
        """Return the program of a ruleset under a choice of readings."""
        key = ruleset.digest, tuple(sorted(readings.items()))
        if key not in self._programs:
            if len(self._programs) >= MOST_PROGRAMS:
                # The oldest goes: a program holds handles of the rule engine, about a tenth of a megabyte for each.
                del self._programs[next(iter(self._programs))]
            self._programs[key] = self.compiled(ruleset, readings)
        return self._programs[key]

    def compiled(self, ruleset: Ruleset, readings: Mapping[str, str]) -> Program:
        """Return a new program, which is not kept, of what the programs of a ruleset share."""
        pieces = self._pieces.get(ruleset.digest)
        if pieces is None or pieces.ruleset is not ruleset:
            if len(self._pieces) >= MOST_PIECES:
                del self._pieces[next(iter(self._pieces))]
            pieces = self._pieces[ruleset.digest] = Pieces(ruleset)
        return compile_pieces(pieces, readings)


PROGRAMS = Programs()
"""The one cache of this process."""
