"""Roles and the one-time code that makes the first admin."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.domain.changes import (
    Applied,
    ChangeRefusedError,
    GrantRole,
    IssueClaimCode,
    RefusalReason,
    RevokeRole,
    UseClaimCode,
)
from bot.domain.people import Role, RoleHolder
from store.audit import AuditTrail
from store.tables import claim_codes, library, roles

CLAIM_CODE = "claim code"
_ROLE_OF = select(roles.c.role).where(roles.c.actor == bindparam("person"))
_STANDING = select(library.c.revision, _ROLE_OF.scalar_subquery().label("role"))  # read for every answer: made once


def role_of(connection: Connection, actor: str) -> Role:
    """The person's role; reader where none was granted."""
    held: Role | None = connection.scalar(_ROLE_OF, {"person": actor})
    return held or Role.READER


def standing_of(connection: Connection, actor: str) -> tuple[Role, int]:
    """The person's role, and the library's revision as it is now."""
    row = connection.execute(_STANDING, {"person": actor}).one()
    return row.role or Role.READER, row.revision


def holders(connection: Connection) -> Sequence[RoleHolder]:
    """Everybody who was granted a role, by name."""
    held = (RoleHolder(row.actor, row.role, row.granted_by) for row in connection.execute(select(roles)))
    return sorted(held, key=lambda holder: holder.actor)  # not in SQL: databases order names differently


def grant(connection: Connection, change: GrantRole, trail: AuditTrail) -> Applied:
    """Give a role. Refused (LAST_ADMIN) as GrantRole says."""
    before = role_of(connection, change.actor)
    if before is change.role:
        return Applied(unchanged=1)
    if before is Role.ADMIN and not change.settings_hold_admin:
        _keep_an_admin(connection, change.actor)
    _set(connection, change.actor, change.role, trail)
    trail.note("grant", change.actor, {"role": before}, {"role": change.role})
    return Applied(changed=1)


def revoke(connection: Connection, change: RevokeRole, trail: AuditTrail) -> Applied:
    """Take a role away. Refused (LAST_ADMIN) as RevokeRole says."""
    before = role_of(connection, change.actor)
    if before is Role.READER:
        return Applied(unchanged=1)
    if before is Role.ADMIN and not change.settings_hold_admin:
        _keep_an_admin(connection, change.actor)
    connection.execute(delete(roles).where(roles.c.actor == change.actor))
    trail.note("revoke", change.actor, {"role": before}, {"role": Role.READER})
    return Applied(changed=1)


def issue_code(connection: Connection, change: IssueClaimCode, trail: AuditTrail) -> Applied:
    """Keep a new code; those issued before run out now."""
    unused = claim_codes.c.used_at.is_(None) & (claim_codes.c.expires_at > trail.at)
    connection.execute(update(claim_codes).where(unused).values(expires_at=trail.at))
    new = {"code_hash": change.code_hash, "issued_at": trail.at, "expires_at": change.expires_at}
    connection.execute(insert(claim_codes), new)
    trail.note("issue", CLAIM_CODE, None, {"expires_at": change.expires_at})
    return Applied(added=1)


def use_code(connection: Connection, change: UseClaimCode, trail: AuditTrail) -> Applied:
    """Make the person admin. Refused (CLAIM_CODE), always in the same words, where the code is not good."""
    good = (
        (claim_codes.c.code_hash == change.code_hash)
        & claim_codes.c.used_at.is_(None)
        & (claim_codes.c.expires_at > trail.at)
    )
    used = connection.execute(update(claim_codes).where(good).values(used_at=trail.at, used_by=change.actor))
    if used.rowcount != 1:
        raise ChangeRefusedError(RefusalReason.CLAIM_CODE)
    before = role_of(connection, change.actor)
    _set(connection, change.actor, Role.ADMIN, trail)
    trail.note("claim", change.actor, {"role": before}, {"role": Role.ADMIN})
    return Applied(changed=1)


def _set(connection: Connection, actor: str, role: Role, trail: AuditTrail) -> None:
    connection.execute(delete(roles).where(roles.c.actor == actor))
    if role is not Role.READER:
        new = {"actor": actor, "role": role, "granted_by": trail.actor, "granted_at": trail.at}
        connection.execute(insert(roles), new)


def _keep_an_admin(connection: Connection, losing: str) -> None:
    others = select(func.count()).select_from(roles).where(roles.c.role == Role.ADMIN, roles.c.actor != losing)
    if not connection.scalar(others):
        raise ChangeRefusedError(RefusalReason.LAST_ADMIN, losing)
