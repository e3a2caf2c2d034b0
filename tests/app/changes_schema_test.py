"""The published schema of change sets says what the program says: what it writes fits, and what one refuses the other does.

usage: changes_schema_test.py WANGGE SCHEMA
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is missing: the schema is not tested")
    sys.exit(77)

wangge, schema_file = sys.argv[1:]
schema = json.loads(pathlib.Path(schema_file).read_text(encoding="utf-8"))
validator = jsonschema.Draft202012Validator(schema)
validator.check_schema(schema)


def run(*arguments):
    return subprocess.run([wangge, *map(str, arguments)], capture_output=True, text=True, check=False)


def done(*arguments):
    outcome = run(*arguments)
    assert outcome.returncode == 0, (arguments, outcome.stderr)
    return outcome.stdout


def altered(changes, path, value):
    """The changes with another value at the path; None takes the key away."""
    result = copy.deepcopy(changes)
    place = result
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return result


wrong = [
    (("base_revision",), -1), (("base_revision",), None), (("base_revision",), "1"), (("colour",), 3),
    (("reason",), 3), (("changes",), None), (("changes", 0, "operation"), "annul"), (("changes", 0, "after"), None),
    (("changes", 0, "operation"), "create"), (("changes", 0, "before", 0, "code"), ""),
    (("changes", 0, "before", 0, "level"), "shire"), (("changes", 0, "before", 0, "kind"), "odd"),
    (("changes", 0, "before", 0, "coordinates", 0, 0, 0), [200, 0]),
    (("changes", 0, "before", 0, "coordinates", 0, 0), [[0, 0], [1, 1], [0, 0]]),
    (("moves", 0, "households"), -1), (("moves", 0, "unit"), ""), (("lineage", 0, "coding"), "Q"),
    (("lineage", 0, "origins"), None),
]  # fmt: skip

with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    city, plan = folder / "city.gpkg", folder / "plan.gpkg"
    done("make-town", "--households", 1000, "-o", city)
    done("split", city, "-o", plan)
    codes = [area["code"] for area in json.loads(done("show", plan, "--json"))["areas"]]
    validator.validate(json.loads(done("show", plan, "--json"))["changes"])
    siblings = [code for code in codes if code[:-3] == codes[0][:-3]]
    changes = json.loads(done("edit", plan, "--dry-run", "--json", "--merge", *siblings[:2]))["changes"]
    validator.validate(changes)
    file = folder / "changes.json"
    file.write_text(json.dumps(changes), encoding="utf-8")
    done("apply", plan, file, "-o", folder / "next.gpkg")
    validator.validate(json.loads(done("diff", plan, folder / "next.gpkg", "--json")))
    for path, value in wrong:
        changed = altered(changes, path, value)
        file.write_text(json.dumps(changed), encoding="utf-8")
        assert not validator.is_valid(changed), f"the schema takes {path} = {value}"
        outcome = run("apply", plan, file, "-o", folder / "none.gpkg")
        assert outcome.returncode == 1 and str(path[-1] if isinstance(path[-1], str) else path[-3]) in outcome.stderr, (
            path, value, outcome.stderr)  # fmt: skip
        assert not (folder / "none.gpkg").exists()
