"""Certificates rendered and signed, and verified: per second of CPU, that is per core."""

from __future__ import annotations

import time

from .clocks import cpu_per_call
from .figures import Figure

GROUP = "Certificates (per second of CPU)"
RENDER_BAR = 20  # rendered and signed per second and core (design, section 7)


def measure(*, amount: int) -> list[Figure]:
    """Do `amount` of the render jobs that wait, then verify by code and by file."""
    from ruta.documents import issuing, jobs, selectors, store
    from ruta.documents.models import Output

    codes = list(Output.objects.filter(issued_at=None).order_by("code").values_list("code", flat=True))
    first, *others = codes[: amount + 1]
    jobs.render(first)  # the keys are read and the fonts loaded once per process
    cpu, wall = time.process_time(), time.perf_counter()
    for code in others:
        jobs.render(code)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    output = Output.objects.get(code=first)
    pdf = store.read(output.pdf_sha256)
    assert output.issued_at is not None
    again = output.issued_at
    made = cpu_per_call(lambda: issuing.make(output, issued_at=again))
    by_code = cpu_per_call(lambda: selectors.verify_code(first))
    by_file = cpu_per_call(lambda: selectors.verify_pdf(pdf))
    half = len(pdf) // 2
    changed = pdf[:half] + bytes([pdf[half] ^ 1]) + pdf[half + 1 :]
    by_changed_file = cpu_per_call(lambda: selectors.verify_pdf(changed))
    return [
        Figure(
            GROUP,
            "job: rendered, signed, kept",
            len(others) / cpu,
            "1/s",
            bar=RENDER_BAR,
            note=f"{len(others) / wall:.0f}/s by the wall clock, {len(pdf) // 1024} kB each",
        ),
        Figure(GROUP, "the same document again", 1 / made, "1/s", note="laid out from the compiler's memory"),
        Figure(GROUP, "verified by code", 1 / by_code, "1/s"),
        Figure(GROUP, "verified by file", 1 / by_file, "1/s"),
        Figure(GROUP, "verified by file, one byte changed", 1 / by_changed_file, "1/s"),
    ]
