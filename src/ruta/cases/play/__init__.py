"""Plays stories on the real engine: the same service functions as the pages, with the clock moved by hand (contract §8).

What is outside (bank, other agencies' registers) is played inside this process. It writes rows as everybody does; who
calls it decides whether they stay (the sample country) or are rolled back (`ruta service test`).
"""
