"""People of the school: the list, invitations, roles within scopes, closed hours."""

from dataclasses import dataclass

import segno
import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from scheduler.database import db
from scheduler.models.addresses import invitation_url
from scheduler.models.chats import Chat
from scheduler.models.classes import SchoolClass
from scheduler.models.names import name_key, shown_class
from scheduler.models.people import Person, RoleGrant, TeacherClosure
from scheduler.permissions import Action, Role, ScopeKind
from scheduler.planning import accounts, people
from scheduler.planning.errors import PlanningError
from scheduler.planning.schools import add_person
from scheduler.web.access import current_person, current_school_id, get_in_school, requires
from scheduler.web.options import options
from scheduler.web.people_forms import ClosureForm, NewPersonForm, RoleForm
from scheduler.web.people_words import REASONS, ROLES, STAFF, WEEKDAYS, role_words

blueprint = Blueprint("people", __name__, url_prefix="/school/people")

KINDS: dict[str, frozenset[Role]] = {
    "staff": frozenset(STAFF),
    "students": frozenset({Role.STUDENT}),
    "parents": frozenset({Role.PARENT}),
}
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A role of a person in words."""

    grant_id: int
    role: str
    where: str


@blueprint.get("")
@requires(Action.MANAGE_SCHOOL, Action.INVITE_PEOPLE)
def index() -> str:
    """The people of one kind, or those whose name holds what was typed."""
    kind = request.args.get("kind", "staff")
    wish = request.args.get("q", "").strip()
    found = _found(KINDS.get(kind, frozenset()), wish)
    return render_template(
        "school/people.html", people=found[:AT_ONCE], has_more=len(found) > AT_ONCE, kind=kind, q=wish, words=role_words
    )


def _found(roles: frozenset[Role], wish: str) -> list[Person]:
    query = sa.select(Person).where(Person.school_id == current_school_id(), ~Person.is_archived)
    if wish:
        query = query.where(Person.name_key.contains(name_key(wish), autoescape=True))
    elif roles:
        query = query.where(Person.roles.any(RoleGrant.role.in_(roles)))
    query = query.options(selectinload(Person.roles)).order_by(Person.last_name, Person.first_name, Person.id)
    return list(db.session.scalars(query.limit(AT_ONCE + 1)))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.INVITE_PEOPLE)
def new() -> str | tuple[str, int]:
    """A new person with a role, or one already on the list, invited at once.

    Answers the page itself and not a redirect: the address is shown this one time and kept nowhere.
    """
    form = NewPersonForm()
    if not form.validate_on_submit():
        return render_template("school/new_person.html", form=form)
    role, actor_id = Role(form.role.data), current_person().id
    try:
        people.ensure_may_grant(role, school_id=current_school_id(), actor_id=actor_id)
        person_id = add_person(current_school_id(), form.name.data, role, actor_id=actor_id)
        return _invited(person_id)
    except PlanningError as error:
        form.role.errors = [error.text]
        return render_template("school/new_person.html", form=form), 422


@blueprint.post("/<int:person_id>/invite")
@requires(Action.INVITE_PEOPLE)
def invite(person_id: int) -> str:
    """An address for the first entry or a new password; shown this one time."""
    return _invited(get_in_school(Person, person_id).id)


def _invited(person_id: int) -> str:
    token = accounts.create_invitation(person_id, school_id=current_school_id(), actor_id=current_person().id)
    address = invitation_url(token)
    drawn = Markup(segno.make(address, error="m").svg_inline(scale=4, svgclass="qr", lineclass=None))  # noqa: S704 - ours
    person = db.session.get_one(Person, person_id)
    return render_template(
        "school/invited.html", person=person, address=address, qr=drawn, days=accounts.INVITED_FOR.days
    )


@blueprint.get("/<int:person_id>")
@requires(Action.MANAGE_SCHOOL, Action.INVITE_PEOPLE)
def person(person_id: int) -> str:
    """One person's roles and closed hours."""
    return _person_page(get_in_school(Person, person_id))


def _person_page(row: Person, role_form: RoleForm | None = None, closure_form: ClosureForm | None = None) -> str:
    scopes = _scopes()
    role_form = role_form or RoleForm(formdata=None)
    role_form.scope.choices = options(scopes)
    return render_template(
        "school/person.html",
        person=row,
        held=[_held(grant, scopes) for grant in row.roles],
        closures=db.session.scalars(
            sa.select(TeacherClosure).where(TeacherClosure.person_id == row.id).order_by(TeacherClosure.id)
        ).all(),
        role_form=role_form,
        closure_form=closure_form or ClosureForm(formdata=None),
        reasons=REASONS,
        weekdays=WEEKDAYS,
    )


def _held(row: RoleGrant, scopes: dict[str, str]) -> Held:
    key = row.scope.value if row.scope is ScopeKind.SCHOOL else f"{row.scope.value}:{row.scope_id}"
    return Held(row.id, str(ROLES[row.role]), scopes.get(key, ""))


def _scopes() -> dict[str, str]:
    school_id = current_school_id()
    classes = db.session.execute(
        sa.select(SchoolClass.id, SchoolClass.label)
        .where(SchoolClass.school_id == school_id, ~SchoolClass.is_archived)
        .order_by(SchoolClass.grade, SchoolClass.label)
    )
    chats = db.session.execute(sa.select(Chat.id, Chat.title).where(Chat.school_id == school_id).order_by(Chat.title))
    return {
        "school": _("the whole school"),
        **{f"class:{number}": _("class %(label)s", label=shown_class(label)) for number, label in classes},
        **{f"chat:{number}": _("chat “%(title)s”", title=title) for number, title in chats},
    }


@blueprint.post("/<int:person_id>/roles")
@requires(Action.INVITE_PEOPLE)
def add_role(person_id: int) -> Response | tuple[str, int]:
    """Entrust a role."""
    row = get_in_school(Person, person_id)
    form = RoleForm()
    form.scope.choices = options(_scopes())
    if not form.validate_on_submit():
        return _person_page(row, role_form=form), 422
    try:
        people.grant_role(row.id, form.grant(), school_id=current_school_id(), actor_id=current_person().id)
    except PlanningError as error:
        form.role.errors = [error.text]
        return _person_page(row, role_form=form), 422
    flash(_("The role is entrusted."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@blueprint.post("/roles/<int:grant_id>/revoke")
@requires(Action.INVITE_PEOPLE)
def revoke_role(grant_id: int) -> Response:
    """Take a role back."""
    get_in_school(RoleGrant, grant_id)
    person_id = people.revoke_role(grant_id, school_id=current_school_id(), actor_id=current_person().id)
    flash(_("The role is taken back."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@blueprint.post("/<int:person_id>/closures")
@requires(Action.MANAGE_SCHOOL)
def add_closure(person_id: int) -> Response | tuple[str, int]:
    """Close hours of a teacher."""
    row = get_in_school(Person, person_id)
    form = ClosureForm()
    if not form.validate_on_submit():
        return _person_page(row, closure_form=form), 422
    try:
        people.add_closure(row.id, form.closure(), school_id=current_school_id(), actor_id=current_person().id)
    except PlanningError as error:
        form.weekday.errors = [error.text]
        return _person_page(row, closure_form=form), 422
    flash(_("These hours are closed for booking. Lessons that stand already stay."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@blueprint.post("/closures/<int:closure_id>/remove")
@requires(Action.MANAGE_SCHOOL)
def remove_closure(closure_id: int) -> Response:
    """Open closed hours again."""
    get_in_school(TeacherClosure, closure_id)
    person_id = people.remove_closure(closure_id, school_id=current_school_id(), actor_id=current_person().id)
    flash(_("These hours are open for booking again."))
    return redirect(url_for("people.person", person_id=person_id), 303)
