"""Run the sandbox as a process: HTTP and SMTP until it is told to stop."""

import uvicorn

from . import mail
from .app import Sandbox
from .options import Options


def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM."""
    sandbox = Sandbox(options)
    smtp = mail.controller(sandbox.store, sandbox.faults, options.host, options.smtp_port)
    smtp.start()
    try:
        uvicorn.run(
            sandbox.app(), host=options.host, port=options.port, log_level="warning", access_log=False
        )
    finally:
        smtp.stop()
        sandbox.store.close()
