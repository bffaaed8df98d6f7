"""The commands, a module for each group; heavy imports are inside the functions, so that --help is quick."""
