"""What is wrong with a service's folder, before anybody meets it.

`lint(folder)` gives every finding with file, line, fault and cure. A check is one function over a `Draft`; the table
`CHECKS` of each module names its checks.
"""

from ..findings import Finding
from ..loader import Folder
from ..service_file import read_service_file


def lint(folder: Folder) -> list[Finding]:
    """Every finding, by file and line; errors refuse publication."""
    _, _, findings = read_service_file(folder)
    return findings
