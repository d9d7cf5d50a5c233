"""Types of bodies and answers: camelCase Dutch keys, amounts and places as strings, dates as YYYY-MM-DD."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel


class Invoer(BaseModel):
    """A request body: unknown fields are refused, so that a typing error never passes in silence."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=False, extra="forbid", frozen=True, str_strip_whitespace=True
    )


class Uitvoer(BaseModel):
    """An answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, serialize_by_alias=True)


Agb = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Gemeentecode = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
Subsegmentcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z0-9]{3}$")]
Euro = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,12}\.[0-9]{2}$")]
EuroIn = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$")]
Aantal = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]
Aandeel = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,8})?$")]
