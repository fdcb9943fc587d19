"""Receipts: where public messages of ours stand, and which fact versions each shows."""

from sqlalchemy import Connection, insert

from bot.domain.digests import Receipt
from store.rows import address_columns
from store.tables import receipt_facts, receipts


def write(connection: Connection, receipt: Receipt, delivery_id: int | None = None) -> None:
    """Keep a receipt; `delivery_id` is that of the digest it is for, None for what a person shared."""
    row = {
        "delivery_id": delivery_id,
        **address_columns(receipt.address),
        "message_id": receipt.message_id,
        "posted_at": receipt.posted_at,
        "editable": receipt.editable,
    }
    added = connection.execute(insert(receipts).returning(receipts.c.id), row).scalar_one()
    shown = dict.fromkeys(receipt.facts)  # a message may show the same version twice
    rows = [{"receipt_id": added, "fact_id": fact_id, "version": version} for fact_id, version in shown]
    if rows:
        connection.execute(insert(receipt_facts), rows)
