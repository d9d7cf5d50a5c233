"""Settings of an installation (api.md). What is unknown or malformed stops the start and says what is allowed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PLEKREGIE_"
FOR_TESTS = ("PLEKREGIE_TEST_", "PLEKREGIE_SHARED", "PLEKREGIE_FUZZ", "PLEKREGIE_BENCH")


class SettingsError(Exception):
    """A setting that can't be used; the text is for the person who starts the product."""


class Settings(BaseSettings):
    """One field per setting; the description is its documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(Path("./data"), description="map voor de SQLite-bestanden van de ingebouwde stand")
    keys_dir: Path | None = Field(None, description="map voor de sleutels; leeg = DATA_DIR/sleutels")
    host: str = Field("127.0.0.1", description="adres waarop het geheel luistert")
    port: int = Field(8000, ge=1, le=65535, description="poort, 1 tot en met 65535")
    database_url: str = Field("", description="leeg = SQLite in DATA_DIR; PostgreSQL volgt")
    kafka_bootstrap_servers: str = Field("", description="leeg = bus in het proces; Kafka volgt")
    oin: str = Field("00000001234567890000", pattern=r"^[0-9]{20}$", description="OIN van 20 cijfers")
    proef: bool = Field(False, description="proefstand: true of false")
    vandaag: date | None = Field(None, description="vaste datum JJJJ-MM-DD, alleen in de proefstand")
    wachttijd_werkdagen: int = Field(1, ge=0, le=30, description="hoe lang een bericht op een ander wacht, 0 tot 30")

    @field_validator("vandaag", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("keys_dir", mode="before")
    @classmethod
    def _no_folder_is_default(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _fixed_today_needs_trial(self) -> Settings:
        if self.vandaag is not None and not self.proef:
            raise ValueError("VANDAAG mag alleen gezet zijn als PLEKREGIE_PROEF=true (proefstand)")
        if self.database_url:
            raise ValueError("DATABASE_URL: PostgreSQL wordt in deze versie nog niet ondersteund; laat leeg")
        if self.kafka_bootstrap_servers:
            raise ValueError("KAFKA_BOOTSTRAP_SERVERS: Kafka wordt in deze versie nog niet ondersteund; laat leeg")
        return self

    @property
    def keys(self) -> Path:
        """Where the keys are."""
        return self.keys_dir or self.data_dir / "sleutels"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError naming setting, value and what is allowed."""
    environment = os.environ if environment is None else environment
    fields = Settings.model_fields
    known = {f"{PREFIX}{name.upper()}" for name in fields}
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known and not name.upper().startswith(FOR_TESTS):
            listed = ", ".join(sorted(known))
            raise SettingsError(f"Onbekende instelling {name}={environment[name]!r}. Bekend zijn: {listed}.")
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for fault in error.errors(include_url=False):
            where = str(fault["loc"][0]) if fault["loc"] else ""
            if where in fields:
                name = f"{PREFIX}{where.upper()}"
                value = environment.get(name, fault.get("input"))
                lines.append(f"{name}={value!r} kan niet. Toegestaan: {fields[where].description}.")
            else:
                lines.append(str(fault["msg"]).removeprefix("Value error, "))
        raise SettingsError(" ".join(lines)) from error
