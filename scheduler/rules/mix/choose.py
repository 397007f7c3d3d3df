"""The choice of a mix: the ground laid out, the method asked, the calls as they shall be."""

from collections.abc import Iterable

from scheduler.rules.facts import LessonFacts
from scheduler.rules.mix.facts import Candidate, Method, Mix, MixRules
from scheduler.rules.mix.greedy import choose_greedily
from scheduler.rules.mix.ground import lay_out
from scheduler.rules.mix.objective import objective_of
from scheduler.rules.mix.problem import rows_of
from scheduler.rules.mix.solver import solve


def choose_calls(
    candidates: Iterable[Candidate],
    standing: Iterable[LessonFacts],
    rules: MixRules,
    *,
    method: Method = Method.GREEDY,
) -> Mix:
    """The lessons that become calls.

    `standing` are the other lessons of those dates: calls among them count in every limit and are left alone, and a
    teacher who stands in a class at school is not in a call. The solver starts from the plain choice and never answers
    worse.
    """
    ground = lay_out(candidates, standing, rules)
    rows, objective = rows_of(ground), objective_of(ground)
    chosen, bound = choose_greedily(rows, objective), None
    if method is Method.SOLVER:
        solved = solve(rows, objective, chosen)
        chosen, bound = solved.chosen, solved.bound
    calls = [ground.calls[number] for number in sorted(chosen)]
    return Mix({call.id: call for call in calls}, objective.value(chosen), method, bound)
