"""Reads other agencies' registers over X-Road and keeps the log of what was exchanged."""
