"""The sizes and habits of the house, measured: they keep every part readable by whoever comes next."""

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = [path for path in (ROOT / "scheduler").rglob("*.py") if "migrations" not in path.parts]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
FUNCTIONS = [
    (path, node)
    for path, tree in TREES.items()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
]


def nth(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def length(node):
    return node.end_lineno - node.lineno + 1


def test_functions_fit_on_a_screen():
    lengths = [length(node) for _path, node in FUNCTIONS]
    too_long = [f"{path.name}:{node.name} {length(node)}" for path, node in FUNCTIONS if length(node) > 50]
    assert too_long == []
    assert statistics.median(lengths) <= 8
    assert nth(lengths, 0.95) <= 35


def test_files_have_one_subject():
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert [f"{path.name} {size}" for path, size in sizes.items() if size > 400] == []
    assert statistics.median(sizes.values()) <= 100


def test_tests_stay_short():
    sizes = {path.name: path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "tests").rglob("*.py")}
    assert [f"{name} {size}" for name, size in sizes.items() if size > 500] == []


def test_modules_say_what_they_are_for():
    assert [str(path) for path, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_few_arguments_stand_by_position():
    def positional(node):
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        return [name for name in names if name not in ("self", "cls")]

    crowded = [f"{path.name}:{node.name}" for path, node in FUNCTIONS if len(positional(node)) > 5]
    assert crowded == []


def test_no_module_is_a_drawer():
    drawers = {"utils", "helpers", "common", "misc", "tools"}
    assert [path for path in MODULES if path.stem in drawers or path.parent.name in drawers] == []


def test_only_config_and_the_sandbox_read_the_environment():
    allowed = {"config.py", "__init__.py", "service.py", "backup.py", "sandbox_chats.py"}
    readers = [
        path.name
        for path, tree in TREES.items()
        if "sandbox" not in path.parts
        and any(
            isinstance(node, ast.Attribute) and node.attr == "environ" and getattr(node.value, "id", "") == "os"
            for node in ast.walk(tree)
        )
    ]
    assert set(readers) <= allowed
