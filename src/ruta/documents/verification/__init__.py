"""What anyone, without an account, may learn of an output: by its code, or by the file they hold.

Of a file there are four answers that are not "it is the very document": `altered`, `appended`, `copy`,
`foreign`.
"""

from .by_code import verify_code
from .by_file import verify_pdf
from .verdict import Kind, Original, Verdict

__all__ = ["Kind", "Original", "Verdict", "verify_code", "verify_pdf"]
