"""Postage as dated data: what a piece is to the post, what it costs, what each discount asks for and gives."""
