"""The office without a network: what an official takes along, what comes back, and what a person settles.

An act that declares `offline` is filled on an installed page (`web.desk.offline`) with numbers of a block of the office
(`registers.blocks`). On return each line is kept as it came, then judged and filed as any filing (`cases.filing`); what
is refused waits for a person. Nothing here knows how a device keeps what is typed.
"""
