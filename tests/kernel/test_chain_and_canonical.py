"""One value has one sequence of bytes, and a chain shows whatever was changed, added or removed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruta.kernel import canonical, chain
from ruta.kernel.chain import Link

AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def a_chain(length: int, case: str = "c1") -> tuple[list[Link], dict[int, tuple[dict[str, str], bytes]]]:
    events: list[Link] = []
    payloads: dict[int, tuple[dict[str, str], bytes]] = {}
    for seq in range(1, length + 1):
        payload, salt = {"names": f"Ana {seq}"}, chain.new_salt()
        payloads[seq] = (payload, salt)
        events.append(
            chain.link(
                case=case,
                seq=seq,
                type="filed",
                version=1,
                at=AT + timedelta(minutes=seq),
                actor="person:1",
                public={"step": seq},
                commitment=chain.commitment(payload, salt),
                previous=events[-1].hash if events else chain.GENESIS,
            )
        )
    return events, payloads


def test_canonical_json_is_that_of_rfc_8785() -> None:
    value = {"b": [1.0, 1e21, "€"], "a": None, "ñ": True, "A": "\n"}
    assert canonical.dumps(value) == '{"A":"\\n","a":null,"b":[1,1e+21,"€"],"ñ":true}'.encode()


def test_dates_instants_and_ids_have_one_form() -> None:
    bogota = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert canonical.instant_text(bogota) == canonical.instant_text(AT) == "2026-03-02T14:00:00.000000Z"
    assert canonical.dumps([date(2026, 3, 2), UUID(int=1), (1, 2)]) == (
        b'["2026-03-02","00000000-0000-0000-0000-000000000001",[1,2]]'
    )
    with pytest.raises(ValueError, match="zone"):
        canonical.instant_text(datetime(2026, 3, 2))
    with pytest.raises(ValueError):
        canonical.dumps({"x": 2**60})


def test_a_whole_chain_verifies_with_and_without_its_payloads() -> None:
    events, payloads = a_chain(4)
    assert chain.verify(events) is None
    assert chain.verify(events, payloads) is None
    del payloads[2]  # erased
    assert chain.verify(events, payloads) is None


@pytest.mark.parametrize(
    ("change", "fault", "seq"),
    [
        (lambda events: [*events[:1], replace(events[1], public={"step": 9}), *events[2:]], "changed", 2),
        (
            lambda events: [*events[:1], replace(events[1], at="2026-01-01T00:00:00.000000Z"), *events[2:]],
            "changed",
            2,
        ),
        (lambda events: [events[0], *events[2:]], "missing", 3),
        (lambda events: events[1:], "missing", 2),
        (lambda events: [*events[:2], events[1], *events[2:]], "missing", 2),
    ],
)
def test_a_changed_removed_or_added_event_is_the_first_break(change: object, fault: str, seq: int) -> None:
    events, _ = a_chain(4)
    broken = chain.verify(change(events))  # type: ignore[operator]
    assert broken is not None
    assert (broken.fault, broken.seq) == (fault, seq)
    assert broken.say["es"] and broken.say["en"]


def test_an_event_hashed_anew_no_longer_fits_what_follows() -> None:
    events, _ = a_chain(3)
    forged = replace(events[1], public={"step": 9})
    forged = replace(forged, hash=chain.recomputed_hash(forged))
    broken = chain.verify([events[0], forged, events[2]])
    assert broken is not None and (broken.fault, broken.seq) == ("unlinked", 3)


def test_a_changed_payload_breaks_its_commitment_and_equal_payloads_have_unequal_ones() -> None:
    events, payloads = a_chain(2)
    payloads[2] = ({"names": "Otra"}, payloads[2][1])
    broken = chain.verify(events, payloads)
    assert broken is not None and (broken.fault, broken.seq) == ("payload-changed", 2)
    same = {"names": "Ana"}
    assert chain.commitment(same, chain.new_salt()) != chain.commitment(same, chain.new_salt())


def test_removing_the_newest_event_or_a_whole_case_changes_the_root() -> None:
    leaves = [chain.leaf(f"c{n}", f"{n:064x}", n + 1) for n in range(5)]
    root = chain.merkle_root(leaves)
    assert chain.merkle_root(leaves[:-1]) != root
    assert chain.merkle_root([*leaves[:2], chain.leaf("c2", f"{1:064x}", 2), *leaves[3:]]) != root
    assert chain.merkle_root([]) == canonical.sha256_hex(b"")
    assert chain.merkle_root(leaves[:1]) == leaves[0].hex()


def test_the_root_is_that_of_rfc_6962() -> None:
    """The tree of the RFC's definition, written as it is written there."""
    import hashlib

    def defined(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        split = 1
        while split * 2 < len(leaves):
            split *= 2
        return hashlib.sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()

    for count in range(1, 20):
        leaves = [chain.leaf(str(n), "0" * 64, n) for n in range(count)]
        assert chain.merkle_root(leaves) == defined(leaves).hex()


@given(st.integers(1, 40), st.data())
def test_a_path_proves_its_leaf_and_no_other(count: int, data: st.DataObject) -> None:
    leaves = [chain.leaf(str(n), "0" * 64, n) for n in range(count)]
    place = data.draw(st.integers(0, count - 1))
    path, root = chain.merkle_proof(leaves, place), chain.merkle_root(leaves)
    assert chain.proves(leaves[place], path, root)
    assert not chain.proves(chain.leaf("other", "0" * 64, 1), path, root)
