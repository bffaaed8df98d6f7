"""A second scorer of Jiangmen's form, written from the form alone: it shares no code with the engine."""
