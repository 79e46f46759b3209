"""The doors of the house: which room may import which, held by reading the code."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = (
    "core",
    "store",
    "intake",
    "stats",
    "machine",
    "human",
    "reports",
    "printed",
    "loop",
    "demo",
    "proof",
    "commands",
    "api",
    "ui",
)

DOORS = {
    "core": {"core", "errors"},
    "store": {"core", "errors", "store"},
    "intake": {"core", "errors", "intake"},
    "stats": {"core", "errors", "stats"},
    "machine": {"core", "errors", "stats", "machine"},
    "human": {"core", "errors", "stats", "human"},
    "reports": {"core", "errors", "stats", "reports"},
    "printed": {"core", "errors", "stats", "reports", "printed"},
    "loop": {"core", "errors", "stats", "store", "intake", "machine", "human", "reports", "printed", "loop"},
    "demo": {"core", "errors", "loop", "intake", "store", "demo"},
    "proof": {"core", "errors", "loop", "intake", "store", "proof"},
    "commands": {"core", "errors", "intake", "store", "loop", "demo", "proof", "printed", "commands"},
    "api": {"core", "errors", "store", "loop", "api"},
    "ui": {
        "core",
        "errors",
        "stats",
        "store",
        "intake",
        "human",
        "reports",
        "printed",
        "loop",
        "demo",
        "proof",
        "ui",
    },
    "pages": {"core", "errors", "reports", "loop", "ui"},
}

FOREIGN = {
    "core": {"pandas", "numpy", "duckdb", "xgboost", "streamlit", "time", "random", "secrets"},
    "store": {"streamlit", "xgboost", "plotly"},
    "intake": {"streamlit", "duckdb", "xgboost", "plotly"},
    "stats": {"streamlit", "duckdb", "xgboost", "plotly"},
    "machine": {"streamlit", "duckdb", "plotly"},
    "human": {"streamlit", "duckdb", "xgboost", "plotly"},
    "reports": {"streamlit", "duckdb", "xgboost", "plotly", "sklearn"},
    "printed": {"streamlit", "duckdb", "xgboost", "plotly", "sklearn", "scipy"},
    "loop": {"streamlit", "duckdb", "xgboost", "plotly", "typst"},
    "demo": {"streamlit", "duckdb", "xgboost", "plotly"},
    "proof": {"streamlit", "duckdb", "xgboost", "plotly", "scipy", "sklearn"},
    "commands": {"streamlit", "duckdb", "xgboost", "plotly"},
    "api": {"streamlit", "duckdb", "xgboost", "plotly", "pandas", "numpy"},
    "ui": {"duckdb", "xgboost"},
    "pages": {"duckdb", "xgboost", "pandas", "plotly", "numpy"},
}


def imports(path: Path) -> set[str]:
    """Every module a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def files(room: str) -> list[Path]:
    return sorted((ROOT / "pages" if room == "pages" else ROOT / "rhml" / room).rglob("*.py"))


@pytest.mark.parametrize("room", DOORS)
def test_a_room_imports_only_through_its_doors(room):
    for path in files(room):
        own = {m.split(".")[1] for m in imports(path) if m.startswith("rhml.")}
        wrong = {m for m in own if m in (*ROOMS, "errors")} - DOORS[room]
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


@pytest.mark.parametrize("room", FOREIGN)
def test_a_room_leaves_other_rooms_libraries_alone(room):
    for path in files(room):
        wrong = {m.split(".")[0] for m in imports(path)} & FOREIGN[room]
        assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_sign_on_its_door(room):
    sign = ast.get_docstring(ast.parse((ROOT / "rhml" / room / "__init__.py").read_text("utf-8")))
    assert sign and "May import" in sign


def test_every_room_is_known_to_the_doors():
    rooms = {p.name for p in (ROOT / "rhml").iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert rooms == set(ROOMS)


def test_every_module_says_what_it_is_for():
    for path in [*(ROOT / "rhml").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path


def test_sql_lives_in_the_store():
    words = ("SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM")
    for room in (
        "core",
        "intake",
        "stats",
        "machine",
        "human",
        "reports",
        "printed",
        "loop",
        "demo",
        "proof",
        "api",
        "pages",
    ):
        for path in files(room):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not node.value.startswith(words), f"SQL in {path.relative_to(ROOT)}:{node.lineno}"
