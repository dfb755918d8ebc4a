"""Reads other agencies' registers over X-Road and keeps the log of what was exchanged.

It does not know what a read is for: purpose and case are told, logged and sent along. The payload is never
kept.
"""
