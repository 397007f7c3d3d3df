"""keys of other programs"""

import sqlalchemy as sa
from alembic import op

import scheduler.database


revision = '0f6a4d1c2b77'
down_revision = '5b1e0c7a94d2'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('api_key',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('may_write', sa.Boolean(), nullable=False),
    sa.Column('created_at', scheduler.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_api_key_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_api_key_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_api_key_token_hash'))
    )
    with op.batch_alter_table('api_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_api_key_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_api_key_school_id'), ['school_id'], unique=False)


def downgrade():
    op.drop_table('api_key')
