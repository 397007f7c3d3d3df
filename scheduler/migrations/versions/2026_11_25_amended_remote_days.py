"""changed remote days"""

import sqlalchemy as sa
from alembic import op


revision = 'c1b7e2d04f93'
down_revision = 'c41d7a90be25'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('remote_day', schema=None) as batch_op:
        batch_op.add_column(sa.Column('returns', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('remote_day', schema=None) as batch_op:
        batch_op.alter_column('returns', server_default=None)
    with op.batch_alter_table('remote_plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('amends_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_remote_plan_amends_id_remote_day'), 'remote_day', ['amends_id'], ['id'], ondelete='CASCADE')


def downgrade():
    with op.batch_alter_table('remote_plan', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_remote_plan_amends_id_remote_day'), type_='foreignkey')
        batch_op.drop_column('amends_id')
    with op.batch_alter_table('remote_day', schema=None) as batch_op:
        batch_op.drop_column('returns')
