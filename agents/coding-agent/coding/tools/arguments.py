"""Checks a call's arguments against the part of JSON Schema that the tools here use."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from coding.tool_error import ToolError

_TYPES: Dict[str, Tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list,),
    "object": (dict,),
}


def check(schema: Dict[str, Any], arguments: Dict[str, Any]) -> None:
    for name in schema.get("required", []):
        if name not in arguments:
            raise ToolError("INVALID_ARGUMENTS", f"the argument {name} is missing")
    for name, value in arguments.items():
        if name in schema["properties"]:
            _check_value(name, schema["properties"][name], value)


def _check_value(name: str, schema: Dict[str, Any], value: Any) -> None:
    expected = schema["type"]
    # To Python, True is an integer; to the model's schema it is not.
    if not isinstance(value, _TYPES[expected]) or (isinstance(value, bool) and expected != "boolean"):
        raise ToolError("INVALID_ARGUMENTS", f"the argument {name} must be of type {expected}")
    if "minimum" in schema and value < schema["minimum"]:
        raise ToolError("INVALID_ARGUMENTS", f"the argument {name} must be at least {schema['minimum']}")
    if "maximum" in schema and value > schema["maximum"]:
        raise ToolError("INVALID_ARGUMENTS", f"the argument {name} must be at most {schema['maximum']}")
    for index, item in enumerate(value if expected == "array" and "items" in schema else []):
        _check_value(f"{name}[{index}]", schema["items"], item)
