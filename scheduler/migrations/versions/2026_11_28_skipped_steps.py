"""first steps that a school left out"""

import sqlalchemy as sa
from alembic import op

revision = '6e0c94b7d1f5'
down_revision = 'e27b40f9a613'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('school') as batch_op:
        batch_op.add_column(sa.Column('skipped_steps', sa.JSON(), server_default='[]', nullable=False))


def downgrade():
    with op.batch_alter_table('school') as batch_op:
        batch_op.drop_column('skipped_steps')
