"""remote plans"""

import sqlalchemy as sa
from alembic import op

import scheduler.database


revision = '7d20c1b85e4f'
down_revision = '0f6a4d1c2b77'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('remote_plan',
    sa.Column('wish', sa.JSON(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', scheduler.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('remote_day_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_remote_plan_made_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['remote_day_id'], ['remote_day.id'], name=op.f('fk_remote_plan_remote_day_id_remote_day'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['replaces_id'], ['remote_plan.id'], name=op.f('fk_remote_plan_replaces_id_remote_plan'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_remote_plan_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remote_plan'))
    )
    with op.batch_alter_table('remote_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_remote_plan_school_id'), ['school_id'], unique=False)

    op.create_table('frost_policy',
    sa.Column('region', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('scope', sa.Enum('day', 'shift', name='frostscope', native_enum=False, length=24), nullable=False),
    sa.Column('decision_time', sa.Time(), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_frost_policy_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frost_policy')),
    sa.UniqueConstraint('school_id', name=op.f('uq_frost_policy_school_id'))
    )
    with op.batch_alter_table('frost_policy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_frost_policy_school_id'), ['school_id'], unique=False)

    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.add_column(sa.Column('remote_settings', sa.JSON(), server_default='{}', nullable=False))
    with op.batch_alter_table('subject', schema=None) as batch_op:
        batch_op.add_column(sa.Column('remote_use', sa.Enum('as_others', 'self_study', 'short_call', 'dropped', name='remoteuse', native_enum=False, length=24), nullable=True))
    with op.batch_alter_table('remote_day', schema=None) as batch_op:
        batch_op.add_column(sa.Column('wish', sa.JSON(), server_default='{}', nullable=False))


def downgrade():
    with op.batch_alter_table('remote_day', schema=None) as batch_op:
        batch_op.drop_column('wish')
    with op.batch_alter_table('subject', schema=None) as batch_op:
        batch_op.drop_column('remote_use')
    with op.batch_alter_table('school', schema=None) as batch_op:
        batch_op.drop_column('remote_settings')

    op.drop_table('frost_policy')
    op.drop_table('remote_plan')
