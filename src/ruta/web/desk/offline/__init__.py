"""The pages of an office without a network: taking a device along, the page that works without one, and what to settle.

How the device keeps what is typed is in `static/desk/offline-*.js`; what becomes of it in `ruta.cases.offline`.
"""
