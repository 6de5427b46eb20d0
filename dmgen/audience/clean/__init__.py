"""Rows made fit for use: customers, orders and products, each unusable row with its reason."""
