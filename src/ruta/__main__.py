"""`python -m ruta` is `ruta`."""

from ruta.config.cli import main

main()
