"""lessons that a class joins together in a room"""

import sqlalchemy as sa
from alembic import op

revision = '3a71c05e8d14'
down_revision = '7d40c2b9e1aa'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('lesson') as batch_op:
        batch_op.add_column(sa.Column('is_joined_together', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade():
    with op.batch_alter_table('lesson') as batch_op:
        batch_op.drop_column('is_joined_together')
