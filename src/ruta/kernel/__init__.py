"""What all rooms stand on: identifiers, money, time, errors, news between rooms, proof of order, the log of reads.

It knows no person, no service and no page.
"""
