"""Every table of the programme, in one metadata. Importing this module is what fills it."""

from __future__ import annotations

from sqlalchemy import MetaData

import nyefamilier.access.tables
import nyefamilier.accounts.tables
import nyefamilier.bydeler.tables
import nyefamilier.calendars.tables
import nyefamilier.changes.tables
import nyefamilier.demo.tables
import nyefamilier.families.tables
import nyefamilier.jobs.tables
import nyefamilier.journal.tables
import nyefamilier.needs.tables
import nyefamilier.offers.tables
import nyefamilier.rollout.tables
import nyefamilier.safety.tables
import nyefamilier.sync.tables
import nyefamilier.texts.tables
import nyefamilier.uptake.tables
import nyefamilier.visits.tables  # noqa: F401
from nyefamilier.storage.base import Base

METADATA: MetaData = Base.metadata
