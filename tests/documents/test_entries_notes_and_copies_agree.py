"""Whatever is recorded, corrected, noted and annulled, in whatever order: copies follow their entry, notes have their
counterpart, and of two entries with the same key at most one is valid."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.registers.registers_builders import CLERK, pet, pets

from ruta.documents.models import Output
from ruta.kernel.errors import RutaError
from ruta.registers import services
from ruta.registers.models import Entry, EntryKey, EntryNote

from .builders import an_output

pytestmark = pytest.mark.django_db
STEP = st.tuples(
    st.sampled_from(["record", "correct", "correct-stale", "note", "copy", "annul"]),
    st.integers(0, 3),
    st.integers(0, 3),
)


@dataclass
class Registry:
    """A register with four chips, and the copies of its entries."""

    entries: list[Entry] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)

    def do(self, what: str, one: int, other: int) -> None:
        """One step; what a register refuses changes nothing."""
        try:
            with transaction.atomic():
                self._do(what, one, other)
        except RutaError:
            pass

    def _do(self, what: str, one: int, other: int) -> None:
        if what == "record":
            data = pet(serial=f"1000000{len(self.entries)}", chip=f"100000000{one}")
            self.entries.append(services.record_entry("pet", data, actor=CLERK))
        elif one < len(self.entries):
            self._on(what, self.entries[one], other)

    def _on(self, what: str, first: Entry, other: int) -> None:
        latest = Entry.objects.filter(entry_id=first.entry_id).latest("version")
        if what.startswith("correct"):
            seen = latest.version - (what == "correct-stale")
            data = latest.data | {"weight": latest.version + 1}
            services.record_entry("pet", data, actor=CLERK, supersedes=first.entry_id, seen_version=seen)
            assert what == "correct", "what was computed from an older version was recorded"
        elif what == "note" and other < len(self.entries):
            cause = self.entries[other].entry_id
            services.note_entry(first.entry_id, kind="pairing", text="-", because=cause, actor=CLERK)
        elif what == "copy" and latest.status == "valid":  # what ended is not issued
            source = ("pet", str(first.entry_id), latest.version)
            self.outputs.append(an_output(render=False, source=source))
        elif what == "annul":
            services.annul_entry(first.entry_id, reason="nulo", actor=CLERK)

    def check(self) -> None:
        """What holds after every step."""
        latest = {each.entry_id: each for each in Entry.objects.order_by("version")}
        for output in self.outputs:
            output.refresh_from_db()
            self._follows(output, latest)
        annulled = {each.entry_id for each in latest.values() if each.status == "annulled"}
        for note in EntryNote.objects.filter(because__in=annulled, counters=None):
            on = latest[note.entry_id]
            # The margin of an entry that ended before takes no counter-note: nothing of it is valid.
            assert EntryNote.objects.filter(counters=note).exists() or on.status != "valid"
        for values in ("serial", "chip"):
            keys = EntryKey.objects.filter(register="pet", fields=values, unique_key=True, valid=True)
            held = list(keys.values_list("value", flat=True))
            assert len(held) == len(set(held))

    def _follows(self, output: Output, latest: dict[object, Entry]) -> None:
        entry = next(each for each in latest.values() if str(each.entry_id) == output.source_entry_id)
        newer = (output.source_version or 0) < entry.version
        assert output.state == (
            "revoked" if entry.status == "annulled" else "superseded" if newer else "valid"
        )


@given(steps=st.lists(STEP, max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_copies_notes_and_keys_agree_with_the_entries(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        pets()
        registry = Registry()
        for step in steps:
            registry.do(*step)
            registry.check()
        transaction.set_rollback(True)
