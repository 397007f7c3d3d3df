"""absences of teachers"""

import sqlalchemy as sa
from alembic import op

import scheduler.database


revision = 'a3d90b5e6c11'
down_revision = '8d20b6f3c1a7'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('absence',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('date_from', sa.Date(), nullable=False),
    sa.Column('date_to', sa.Date(), nullable=False),
    sa.Column('override', sa.String(), nullable=False),
    sa.Column('state', sa.Enum('applied', 'undone', name='absencestate', native_enum=False, length=24), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', scheduler.database.UTCDateTime(timezone=True), nullable=False),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', scheduler.database.UTCDateTime(timezone=True), nullable=True),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_absence_decided_by_id_person'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id_person')),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_absence_school_id_school'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['undone_by_id'], ['person.id'], name=op.f('fk_absence_undone_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_school_id'), ['school_id'], unique=False)
        batch_op.create_index('ix_absence_school_id_date_from', ['school_id', 'date_from'], unique=False)

    op.create_table('absence_lesson',
    sa.Column('absence_id', sa.Integer(), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('joined_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Enum('substitute', 'other_teacher', 'self_study', 'joined', 'moved', 'cancelled', 'kept', name='answerkind', native_enum=False, length=24), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('school_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['absence_id'], ['absence.id'], name=op.f('fk_absence_lesson_absence_id_absence'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['joined_id'], ['lesson.id'], name=op.f('fk_absence_lesson_joined_id_lesson'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_absence_lesson_lesson_id_lesson'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['school_id'], ['school.id'], name=op.f('fk_absence_lesson_school_id_school'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence_lesson')),
    sa.UniqueConstraint('absence_id', 'lesson_id', name=op.f('uq_absence_lesson_absence_id_lesson_id'))
    )
    with op.batch_alter_table('absence_lesson', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_lesson_lesson_id'), ['lesson_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_lesson_school_id'), ['school_id'], unique=False)


def downgrade():
    with op.batch_alter_table('absence_lesson', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_lesson_school_id'))
        batch_op.drop_index(batch_op.f('ix_absence_lesson_lesson_id'))

    op.drop_table('absence_lesson')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index('ix_absence_school_id_date_from')
        batch_op.drop_index(batch_op.f('ix_absence_school_id'))
        batch_op.drop_index(batch_op.f('ix_absence_person_id'))

    op.drop_table('absence')
