"""What every table of a school shares: a number of its own and the school that it belongs to."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from scheduler.database import Base


class SchoolRow(Base):
    """A row that belongs to one school; no query may cross that border."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)

    @declared_attr
    @classmethod
    def school_id(cls) -> Mapped[int]:
        return mapped_column(sa.ForeignKey("school.id", ondelete="CASCADE"), index=True)
