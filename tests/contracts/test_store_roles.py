"""Roles and claim codes, on any store."""

from datetime import timedelta

import pytest
from contracts.samples import AT, EDITOR

from bot.domain.changes import (
    ChangeRefusedError,
    GrantRole,
    IssueClaimCode,
    RefusalReason,
    RevokeRole,
    UseClaimCode,
)
from bot.domain.people import Role, RoleHolder
from bot.ports import Store

ANN, BEN = "slack:T1/UANN", "discord:G1/2"
HOUR = timedelta(hours=1)


def _grant(store: Store, actor: str, role: Role) -> None:
    store.apply(GrantRole(actor, role), by="console", at=AT)


def _role(store: Store, actor: str) -> Role:
    with store.read() as library:
        return library.role(actor)


def test_who_was_named_nothing_is_a_reader(store: Store) -> None:
    assert _role(store, ANN) is Role.READER


def test_a_granted_role_is_held_listed_and_logged(store: Store) -> None:
    _grant(store, EDITOR, Role.EDITOR)
    _grant(store, ANN, Role.ADMIN)
    with store.read() as library:
        assert library.role_holders() == [
            RoleHolder(ANN, Role.ADMIN, "console"),
            RoleHolder(EDITOR, Role.EDITOR, "console"),
        ]
        row = library.log(1)[0]
        assert library.revision() == 0
    assert (row.actor, row.action, row.target, row.before, row.after, row.revision) == (
        *("console", "grant", ANN),
        *('{"role": "reader"}', '{"role": "admin"}', None),
    )


def test_granting_the_same_role_again_writes_nothing(store: Store) -> None:
    _grant(store, ANN, Role.EDITOR)
    assert store.apply(GrantRole(ANN, Role.EDITOR), by="console", at=AT).unchanged == 1
    with store.read() as library:
        assert len(library.log(9)) == 1


def test_being_granted_the_role_of_a_reader_is_having_none(store: Store) -> None:
    _grant(store, ANN, Role.EDITOR)
    _grant(store, ANN, Role.READER)
    with store.read() as library:
        assert library.role_holders() == []


def test_a_revoked_role_is_gone_and_logged(store: Store) -> None:
    _grant(store, ANN, Role.EDITOR)
    store.apply(RevokeRole(ANN, settings_hold_admin=False), by="console", at=AT)
    assert _role(store, ANN) is Role.READER
    with store.read() as library:
        assert library.log(1)[0].action == "revoke"


def test_the_last_admin_cannot_be_revoked(store: Store) -> None:
    _grant(store, ANN, Role.ADMIN)
    _grant(store, BEN, Role.EDITOR)
    with pytest.raises(ChangeRefusedError) as refused:
        store.apply(RevokeRole(ANN, settings_hold_admin=False), by=ANN, at=AT)
    assert refused.value.reason is RefusalReason.LAST_ADMIN
    assert _role(store, ANN) is Role.ADMIN


def test_the_last_admin_cannot_be_made_an_editor(store: Store) -> None:
    _grant(store, ANN, Role.ADMIN)
    with pytest.raises(ChangeRefusedError):
        _grant(store, ANN, Role.EDITOR)
    assert _role(store, ANN) is Role.ADMIN


def test_an_admin_can_be_revoked_while_another_remains_or_the_settings_hold_one(store: Store) -> None:
    _grant(store, ANN, Role.ADMIN)
    _grant(store, BEN, Role.ADMIN)
    store.apply(RevokeRole(BEN, settings_hold_admin=False), by=ANN, at=AT)
    store.apply(RevokeRole(ANN, settings_hold_admin=True), by=ANN, at=AT)
    assert _role(store, ANN) is _role(store, BEN) is Role.READER


def test_revoking_a_reader_writes_nothing(store: Store) -> None:
    assert store.apply(RevokeRole(ANN, settings_hold_admin=False), by=BEN, at=AT).unchanged == 1


def _issue(store: Store, code_hash: str) -> None:
    store.apply(IssueClaimCode(code_hash, AT + HOUR), by="operator", at=AT)


def test_a_claim_code_makes_its_user_admin_once(store: Store) -> None:
    _issue(store, "hash")
    store.apply(UseClaimCode("hash", ANN), by=ANN, at=AT)
    assert _role(store, ANN) is Role.ADMIN
    with pytest.raises(ChangeRefusedError):
        store.apply(UseClaimCode("hash", BEN), by=BEN, at=AT)
    assert _role(store, BEN) is Role.READER


def test_a_wrong_used_late_or_replaced_code_is_refused_in_the_same_words(store: Store) -> None:
    _issue(store, "replaced")
    _issue(store, "used")
    store.apply(UseClaimCode("used", ANN), by=ANN, at=AT)
    _issue(store, "late")
    refusals = set()
    for code_hash, at in (("replaced", AT), ("used", AT), ("wrong", AT), ("late", AT + HOUR)):
        with pytest.raises(ChangeRefusedError) as refused:
            store.apply(UseClaimCode(code_hash, BEN), by=BEN, at=at)
        refusals.add((refused.value.reason, str(refused.value)))
    assert refusals == {(RefusalReason.CLAIM_CODE, "claim code")}
    assert _role(store, BEN) is Role.READER


def test_no_audit_row_holds_a_code_or_its_hash(store: Store) -> None:
    _issue(store, "secret-hash")
    store.apply(UseClaimCode("secret-hash", ANN), by=ANN, at=AT)
    with store.read() as library:
        assert [row.action for row in library.log(9)] == ["claim", "issue"]
        assert "secret-hash" not in str(library.log(9))
