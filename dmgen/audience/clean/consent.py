"""Who may be reached and who said no: read so that doubt is never a yes.

A column's name says how its answers are meant: `dm_opt_out` (1 = no mail) or `dm_allowed` (1 = may be
mailed), likewise for `email_` and `sms_`. Where both are given the more reluctant answer counts. Words
that mean the same whatever was asked (拒否, ×, 配信) are taken at their word; a bare ○ or 希望する under
`dm_opt_out` may mean either, and like an empty cell it is a question for a person.
"""

import unicodedata
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, Positions, each, mask, matches
from dmgen.audience.clean.notes import NOTES, Says, names_say, notes_say
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType
from dmgen.model.recipient import Outcome

FREE, UNCLEAR, SAID_NO = 0, 1, 2


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Answers to the column's own question.
_YES = _words("1 true t yes y on 有 有り あり はい 該当")
_NO = _words("0 false f no n off 無 無し なし いいえ 非該当")
# Answers that fit only the question whether mail is wanted.
_WANTED = _words("希望 希望する 希望します 希望あり する します 同意 同意する 同意します 承諾 ok ○")
_UNWANTED = _words("しない しません 同意しない 不同意 未同意")
# What says itself whether mail may come, whatever the question was.
_NO_MAIL = _words("""
    × 拒否 拒否する 停止 停止する 停止中 不要 不可 不許可 禁止 お断り 希望しない 希望しません 希望せず 希望なし
    配信停止 配信停止中 配信拒否 配信不可 配信不要 配信しない 送付停止 送付不可 送付不要 送付しない
    発送停止 発送不可 発送不要 郵送停止 郵送不可 郵送不要 郵送しない 送らない 送らないで
    受け取らない 受取らない 受け取りません 受取拒否 受信拒否 受信しない
    dm拒否 dm不可 dm不要 dm停止 dm禁止 nomail nodm donotmail donotcontact
    optout opt-out optedout opted-out unsubscribe unsubscribed refused declined stop ng
""")
_MAIL = _words("""
    可 許可 許可する 受け取る 受取る 受け取ります 受信 受信する 受信許可 受信希望 受取希望
    配信 配信する 配信中 配信可 配信許可 配信希望 送付 送付する 送付可 送付許可 送付希望 発送可 郵送可 郵送希望
    dm可 dm許可 dm希望 dm配信 購読 購読中 mailok dmok optin opt-in optedin opted-in subscribed
""")
_SIGNS = str.maketrans(dict.fromkeys("◯〇⭕", "○") | dict.fromkeys("✕✖✗✘☓", "×"))
_CHANNELS = ("email", "sms")
_WITHDRAWN = "退会|脱退|(?i)withdrawn|^3$"  # 3: EC-CUBE's 会員ステータス(ID)


def said(cell: str, asks_permission: bool) -> int:
    """FREE, UNCLEAR or SAID_NO: an answer to "may we?" (dm_allowed), or else to "must we not?" (dm_opt_out)."""
    word = unicodedata.normalize("NFKC", cell.translate(_SIGNS)).lower()
    word = "".join(word.split()).strip("'\"=。.!()[]「」").removesuffix(".0")
    if word in _NO_MAIL:
        return SAID_NO
    if word in _MAIL:
        return FREE
    if asks_permission:
        return FREE if word in _YES | _WANTED else SAID_NO if word in _NO | _UNWANTED else UNCLEAR
    return SAID_NO if word in _YES else FREE if word in _NO else UNCLEAR


def _answers(columns: dict[str, Column], channel: str) -> dict[str, NDArray[np.int8]]:
    """What each of a channel's columns says of each customer."""
    return {
        name: np.asarray(each(columns[name].cells, partial(said, asks_permission=asks), pa.int8()))
        for name, asks in ((f"{channel}_opt_out", False), (f"{channel}_allowed", True))
        if name in columns
    }


def read_channels(columns: dict[str, Column]) -> None:
    """Make `email_allowed` and `sms_allowed` flags of what the list says: true may be reached, null is unclear."""
    for channel in _CHANNELS:
        answers = _answers(columns, channel)
        if answers:
            columns.pop(f"{channel}_opt_out", None)
            columns[f"{channel}_allowed"] = _flags(np.maximum.reduce(list(answers.values())))


def _flags(states: NDArray[np.int8]) -> Column:
    return Column(ColumnType.FLAG, pa.array(states == FREE, mask=states == UNCLEAR))


def _states(flags: pa.Array) -> NDArray[np.int8]:
    return np.select([mask(flags), mask(pc.is_null(flags))], [FREE, UNCLEAR], SAID_NO).astype(np.int8)


@dataclass(frozen=True, slots=True)
class _Voice:
    """The customers for whom one column says that there is to be no letter, or may be none."""

    outcome: Outcome
    reason: str
    field: str
    cells: pa.Array
    rows: Mask


def _voices(columns: dict[str, Column]) -> list[_Voice]:
    """Everything that speaks against a letter: a clear no before a doubt."""
    voices = []
    for name, answers in _answers(columns, "dm").items():
        cells = columns[name].cells
        voices.append(_Voice(Outcome.SUPPRESSED, "opted_out", name, cells, answers == SAID_NO))
        voices.append(_Voice(Outcome.REVIEW, "opt_out_unclear", name, cells, answers == UNCLEAR))
    if "member_status" in columns:
        cells = columns["member_status"].cells
        left = matches(cells, _WITHDRAWN)
        voices.append(_Voice(Outcome.SUPPRESSED, "withdrawn", "member_status", cells, left))
    for name in (*NOTES, "name"):
        if name in columns:
            cells = columns[name].cells
            found = names_say(cells) if name == "name" else notes_say(cells)
            voices.append(_Voice(Outcome.SUPPRESSED, "note_says_no", name, cells, found == Says.NO_MAIL))
            voices.append(_Voice(Outcome.SUPPRESSED, "deceased", name, cells, found == Says.DECEASED))
            voices.append(_Voice(Outcome.REVIEW, "note_unclear", name, cells, found == Says.UNCLEAR))
    return sorted((voice for voice in voices if voice.rows.any()), key=lambda voice: voice.outcome == Outcome.REVIEW)


def reluctance(columns: dict[str, Column], rows: int) -> NDArray[np.int8]:
    """Of each row, by all that the list says of it: FREE, UNCLEAR or SAID_NO."""
    states = np.zeros(rows, np.int8)
    for voice in _voices(columns):
        level = SAID_NO if voice.outcome == Outcome.SUPPRESSED else UNCLEAR
        states[voice.rows] = np.maximum(states[voice.rows], level)
    return states


def hear_twins(columns: dict[str, Column], heard: Positions, first: Positions, twins: Positions) -> None:
    """Let a twin speak for the first row where it is the more reluctant to get mail; by e-mail and SMS likewise."""
    state = reluctance(columns, len(heard))
    order = np.argsort(state[twins], kind="stable")
    first, twins = first[order], twins[order]
    reluctant = state[twins] > state[first]
    heard[first[reluctant]] = twins[reluctant]
    for name in (f"{channel}_allowed" for channel in _CHANNELS):
        if name in columns:
            states = _states(columns[name].cells)
            np.maximum.at(states, first, states[twins])
            columns[name] = _flags(states)


def settle_consent(columns: dict[str, Column], heard: Positions, outcomes: Outcomes) -> None:
    """Who said no is suppressed before anything else is looked at; who may have, is for a person to read."""
    speaker = pa.array(heard)
    for voice in _voices(columns):
        outcomes.settle_where(
            voice.rows[heard], voice.outcome, "clean", voice.reason, voice.field, voice.cells.take(speaker)
        )
