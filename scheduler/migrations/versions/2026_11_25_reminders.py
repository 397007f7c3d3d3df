"""reminders before video lessons, and one process at a time that asks a bot for its events"""

import sqlalchemy as sa
from alembic import op

import scheduler.database


revision = '8e5a3f0d61c2'
down_revision = 'a3d90b5e6c11'
branch_labels = None
depends_on = None

STATES = ('wanted', 'sending', 'posted', 'parked', 'by_hand', 'unconnected', 'withdrawn')


def upgrade():
    op.create_table('reminder',
    sa.Column('chat_id', sa.Integer(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('start', sa.Time(), nullable=False),
    sa.Column('starts_at', scheduler.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('buttons', sa.JSON(), nullable=False),
    sa.Column('wanted_hash', sa.String(), nullable=False),
    sa.Column('posted_hash', sa.String(), nullable=True),
    sa.Column('posted_text', sa.Text(), nullable=True),
    sa.Column('state', sa.Enum(*STATES, name='poststate', native_enum=False, length=24), nullable=False),
    sa.Column('is_loud', sa.Boolean(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=True),
    sa.Column('due_at', scheduler.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('attempted_at', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('is_uncertain', sa.Boolean(), nullable=False),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('lease_token', sa.String(), nullable=True),
    sa.Column('lease_until', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('posted_at', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('edited_at', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['chat_id'], ['chat.id'], name=op.f('fk_reminder_chat_id_chat'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_reminder_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('chat_id', 'date', 'start', name=op.f('uq_reminder_chat_id_date_start'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_school_id'), ['school_id'], unique=False)
        batch_op.create_index('ix_reminder_state_due_at', ['state', 'due_at'], unique=False)
    with op.batch_alter_table('chat', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reminder_minutes', sa.Integer(), nullable=True))
    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('polled_until', scheduler.database.UTCDateTime(timezone=True), nullable=True)
        )


def downgrade():
    with op.batch_alter_table('connection', schema=None) as batch_op:
        batch_op.drop_column('polled_until')
    with op.batch_alter_table('chat', schema=None) as batch_op:
        batch_op.drop_column('reminder_minutes')
    op.drop_table('reminder')
