"""Speed against engines that a reader can install: same facts, same rules, answers checked equal."""
