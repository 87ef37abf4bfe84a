"""Offers' tables."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nyefamilier.storage.base import Base, FamilyRecord, SealedRecord, within_family


class OfferRow(SealedRecord):
    """A programme was offered. ``answer`` is the current one of its dated answers."""

    __tablename__ = "offer"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index("ix_offer_waiting", "offered_on", postgresql_where=text("answer = 'ubesvart'")),
    )

    pregnancy_id: Mapped[UUID] = mapped_column(within_family("pregnancy.id"))
    programme: Mapped[str]
    basis: Mapped[str]
    channel: Mapped[str]
    offered_on: Mapped[date]
    answer: Mapped[str]
    answered_on: Mapped[date | None]


class AnswerRow(FamilyRecord):
    """A dated answer. All of them stand."""

    __tablename__ = "answer"
    __table_args__ = (Index(None, "family_id", "rev"),)

    offer_id: Mapped[UUID] = mapped_column(within_family("offer.id"))
    answer: Mapped[str]
    answered_on: Mapped[date]


class EnrolmentRow(FamilyRecord):
    """The family takes part in a programme, under the protocol version that it joined."""

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(None, "family_id", "rev"),
        Index(
            "uq_enrolment_family_id_open",
            "family_id",
            unique=True,
            postgresql_where=text("state IN ('active', 'paused')"),
        ),
        Index(None, "programme", "protocol_version"),
    )

    offer_id: Mapped[UUID] = mapped_column(within_family("offer.id"))
    pregnancy_id: Mapped[UUID] = mapped_column(within_family("pregnancy.id"))
    programme: Mapped[str]
    protocol_version: Mapped[str]
    state: Mapped[str]
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class ReminderRow(Base):
    """The lead has been reminded, on her own page, of an offer that waits for an answer for long.

    It is nothing of the family's: no phone is sent it, and a new answer needs not take it away.
    """

    __tablename__ = "offer_reminder"

    offer_id: Mapped[UUID] = mapped_column(within_family("offer.id"), primary_key=True)
    reminded_on: Mapped[date]
