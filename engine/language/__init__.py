"""The rule language: one parsed and typed expression serves matching, scoring and explanation."""
