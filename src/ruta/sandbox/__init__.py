"""The world outside, played over the real protocols, in a process of its own. It imports no other room.

A payment gateway with a hosted checkout, the registers of other agencies behind X-Road, a mailbox behind SMTP; each
misbehaves on request. It shares with the platform nothing but a secret, which it is given when it starts.
"""
