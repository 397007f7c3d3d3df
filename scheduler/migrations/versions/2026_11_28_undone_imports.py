"""what the latest import changed, so that it can be undone"""

import sqlalchemy as sa
from alembic import op

import scheduler.database


revision = 'e27b40f9a613'
down_revision = 'c1b7e2d04f93'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('changes', sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column('undone_at', scheduler.database.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('undone_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('kept', sa.JSON(), server_default='[]', nullable=False))
        batch_op.create_foreign_key(
            batch_op.f('fk_import_run_undone_by_id_person'), 'person', ['undone_by_id'], ['id'], ondelete='SET NULL'
        )


def downgrade():
    with op.batch_alter_table('import_run', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_import_run_undone_by_id_person'), type_='foreignkey')
        batch_op.drop_column('kept')
        batch_op.drop_column('undone_by_id')
        batch_op.drop_column('undone_at')
        batch_op.drop_column('changes')
