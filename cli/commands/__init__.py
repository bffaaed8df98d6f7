"""The commands, a module for each group; heavy imports stand inside the functions, so that --help is quick."""
