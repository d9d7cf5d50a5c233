"""A log line says what kind of trouble and where, never what somebody's data was."""

from __future__ import annotations

import json
from datetime import date

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from tests.shared.conftest import Logs

BSN = "999900006"


class Person(BaseModel):
    """What a library may refuse, and then repeat in its message."""

    born: date


def fail_inside() -> None:
    try:
        Person.model_validate({"born": f"x{BSN}"})
    except ValidationError as error:
        raise RuntimeError(f"refused {BSN}") from error


def test_an_error_is_logged_with_its_kind_and_place_and_that_of_its_cause(logs: Logs) -> None:
    try:
        fail_inside()
    except RuntimeError as error:
        structlog.get_logger().error("proef.mislukt", exc_info=error)
    line = json.loads(logs.text)
    assert (line["event"], line["level"]) == ("proef.mislukt", "error")
    assert "ValidationError" in line["spoor"]
    assert line["spoor"].endswith("RuntimeError")
    assert "fail_inside" in line["spoor"]
    assert BSN not in logs.text


@pytest.mark.parametrize("way", ["true", "tuple", "exception"])
def test_whichever_way_an_error_is_handed_over_its_text_stays_out(logs: Logs, way: str) -> None:
    log = structlog.get_logger()
    try:
        raise ValueError(BSN)
    except ValueError as error:
        if way == "true":
            log.error("proef.mislukt", exc_info=True)
        elif way == "tuple":
            log.error("proef.mislukt", exc_info=(type(error), error, error.__traceback__))
        else:
            log.exception("proef.mislukt")
    assert "ValueError" in logs.text
    assert BSN not in logs.text


def test_errors_that_cause_each_other_are_each_named_once(logs: Logs) -> None:
    first, second = KeyError(BSN), LookupError(BSN)
    first.__cause__, second.__cause__ = second, first
    structlog.get_logger().error("proef.mislukt", exc_info=first)
    assert json.loads(logs.text)["spoor"].split() == ["LookupError", "KeyError"]


def test_a_line_is_one_json_object_with_a_moment_in_utc(logs: Logs) -> None:
    structlog.get_logger().info("proef.gelukt", aantal=3)
    line = json.loads(logs.text)
    assert line["aantal"] == 3
    assert line["timestamp"].endswith("Z")
