"""a school's own texts of posts"""

import sqlalchemy as sa
from alembic import op

import scheduler.database

revision = '8d20b6f3c1a7'
down_revision = '3a71c05e8d14'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('post_text',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('problem', sa.String(), server_default='', nullable=False),
    sa.Column('changed_at', scheduler.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_post_text_changed_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_post_text_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_text')),
    sa.UniqueConstraint('school_id', 'name', name=op.f('uq_post_text_school_id_name'))
    )
    with op.batch_alter_table('post_text', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_text_school_id'), ['school_id'], unique=False)


def downgrade():
    op.drop_table('post_text')
