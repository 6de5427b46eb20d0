"""Coupons, lottery numbers and links: their shape and rules; the ledger keeps what was issued."""
