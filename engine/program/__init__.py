"""Programs: a ruleset compiled under one choice of readings, which is what an evaluation runs.

A program never changes, and any number of threads may evaluate with it at the same time: each evaluation has a state of
its own, and borrows handles of the rule engine that the program owns. The engine holds Python's lock while it works, so
threads do not make it faster. What makes it faster are processes: each gets the texts and the readings, and compiles
them once with `compile_sources`, for a program holds functions and handles, which no other process can be sent.

Each thread that evaluates at the same moment takes about a tenth of a megabyte for each stratum of the rules, and what
the facts of a case take on top. The engine gets it back with the program.
"""

from engine.program.asked import asked
from engine.program.compile import compile_pieces, compile_ruleset, compile_sources
from engine.program.pieces import Pieces
from engine.program.program import Program

__all__ = ["Pieces", "Program", "asked", "compile_pieces", "compile_ruleset", "compile_sources"]
