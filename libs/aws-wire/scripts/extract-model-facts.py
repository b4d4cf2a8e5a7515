"""Writes facts/SERVICE.json: the few facts of a service's model that the JavaScript SDK's schemas do not carry.

The SDK knows every number as "number". Which of them are 64-bit or fractional, and which ranges, lengths and patterns
the model declares, is read here from an installed botocore. Only those facts are kept, no documentation text.
Run by hand after a bump of the SDK:  python3 libs/aws-wire/scripts/extract-model-facts.py SERVICE
A member that botocore does not know yet (it may lag behind) stays a 32-bit integer without a range.
"""

import json
import pathlib
import sys

import botocore.session

model = botocore.session.get_session().get_service_model(sys.argv[1])
shapes = model._shape_resolver._shape_map  # the plain JSON of the model


def limits(shape):
    """The constraints that the model declares on one shape, by their JSON Schema names."""
    kind = shape["type"]
    if kind in ("integer", "long", "double", "float"):
        names = {"min": "minimum", "max": "maximum"}
    elif kind == "list":
        names = {"min": "minItems", "max": "maxItems"}
    elif kind == "string":
        names = {"min": "minLength", "max": "maxLength", "pattern": "pattern"}
    else:
        return {}
    found = {schema: shape[name] for name, schema in names.items() if name in shape}
    return {k: v for k, v in found.items() if not (k in ("minItems", "minLength") and v == 0)}


def fact_of(shape):
    kind = {"long": "Long", "double": "Double", "float": "Double"}.get(shape["type"])
    return ({"kind": kind} if kind else {}) | limits(shape)


inputs, waiting = set(), [
    op["input"]["shape"] for op in model._service_description["operations"].values() if "input" in op
]
while waiting:
    name = waiting.pop()
    if name in inputs:
        continue
    inputs.add(name)
    shape = shapes[name]
    waiting += [m["shape"] for m in shape.get("members", {}).values()]
    waiting += [shape[part]["shape"] for part in ("member", "key", "value") if part in shape]

facts = {}
for name in sorted(inputs):
    shape = shapes[name]
    if shape["type"] == "list":
        entry = limits(shape)
        items = fact_of(shapes[shape["member"]["shape"]])
        if items and shapes[shape["member"]["shape"]]["type"] != "structure":
            entry["items"] = items
        if entry:
            facts[name] = entry
    for member, ref in shape.get("members", {}).items():
        target = shapes[ref["shape"]]
        if target["type"] not in ("structure", "list", "map"):
            entry = fact_of(target)
            if entry:
                facts[f"{name}.{member}"] = entry

path = pathlib.Path(__file__).parent / "facts" / f"{sys.argv[1]}.json"
lines = ",\n".join(f"  {json.dumps(k)}: {json.dumps(facts[k], sort_keys=True)}" for k in sorted(facts))
path.write_text("{\n" + lines + "\n}\n")
