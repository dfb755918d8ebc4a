"""Drafts, cases, tasks, terms and decisions: the heart. It drives the engine and carries out its effects."""
