"""answers to the questions of an import, asked once a school"""

import sqlalchemy as sa
from alembic import op


revision = 'c41d7a90be25'
down_revision = '8e5a3f0d61c2'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('import_answer',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_import_answer_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_answer')),
    sa.UniqueConstraint('school_id', 'key', name=op.f('uq_import_answer_school_id_key'))
    )
    with op.batch_alter_table('import_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_answer_school_id'), ['school_id'], unique=False)


def downgrade():
    op.drop_table('import_answer')
