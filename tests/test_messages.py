"""Every message for people exists in Japanese, with the same fields, and the compiled catalogue is current."""

import string

import pytest

from tests import messages


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_message_of_the_source_is_translated() -> None:
    there = {message.id for message in messages.translated() if message.id and message.string}
    assert {message.id for message in messages.extracted() if message.id} - there == set()


def test_no_translation_outlives_its_message() -> None:
    there = {message.id for message in messages.translated() if message.id}
    assert there - {message.id for message in messages.extracted()} == set()


@pytest.mark.parametrize("message", [m for m in messages.translated() if m.id], ids=lambda m: m.id[:40])
def test_a_translation_has_the_fields_of_its_message(message) -> None:
    assert _fields(message.string) == _fields(message.id)


def test_the_compiled_catalogue_is_the_one_of_the_po_file() -> None:
    assert messages.MO.read_bytes() == messages.compiled(messages.translated()), "type: make messages"
