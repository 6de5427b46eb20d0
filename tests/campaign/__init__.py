"""The campaign room's tests."""
