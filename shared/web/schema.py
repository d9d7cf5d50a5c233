"""Types of bodies and answers: camelCase Dutch keys, amounts and places as strings, dates as YYYY-MM-DD."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

AS_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def written_as_date(value: object) -> object:
    """pydantic takes numbers for dates as well (0 is 1 January 1970) and cuts off times: here YYYY-MM-DD is a date."""
    if isinstance(value, str) and AS_WRITTEN.fullmatch(value):
        return value
    raise PydanticCustomError("date_type", "YYYY-MM-DD")


Datum = Annotated[date, BeforeValidator(written_as_date)]


def _dated(annotation: Any) -> bool:
    """Whether a field holds dates, itself or in a list."""
    return annotation is date or any(map(_dated, get_args(annotation)))


class Invoer(BaseModel):
    """A request body: unknown fields are refused, so that a typing error never passes in silence."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=False, extra="forbid", frozen=True, str_strip_whitespace=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _dates_as_written(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.field_name is not None and _dated(cls.model_fields[info.field_name].annotation):
            for one in value if isinstance(value, list) else [value]:
                written_as_date(one)
        return value


class Uitvoer(BaseModel):
    """An answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, serialize_by_alias=True)


Zoekterm = Annotated[str, StringConstraints(max_length=100)]
Agb = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Gemeentecode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Subsegmentcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z0-9]{3}$")]
# An empty field of a form on a page is no filter.
SubsegmentOfLeeg = Annotated[Subsegmentcode | None, BeforeValidator(lambda value: value or None)]
Euro = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}\.[0-9]{2}$")]
EuroIn = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$")]
Aantal = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]
Aandeel = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,8})?$")]
