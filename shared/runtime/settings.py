"""Settings of an installation (api.md). What is unknown or malformed stops the start and says what is allowed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.database.urls import POSTGRES, checked

PREFIX = "PLEKREGIE_"
ENV_FILE = ".env"
FOR_TESTS = ("PLEKREGIE_TEST_", "PLEKREGIE_SHARED", "PLEKREGIE_FUZZ", "PLEKREGIE_BENCH")


SERVICES = ("toegang", "backoffice", "financien", "contractmanagement")
OWN_ROLE = f"leeg = DATABASE_URL; anders de eigen rol van deze dienst: {POSTGRES}"
ADDRESSES = (
    "database_url",
    "eigenaar_database_url",
    "beheer_database_url",
    *(f"{name}_database_url" for name in SERVICES),
)


class SettingsError(Exception):
    """A setting that can't be used; the text is for the person who starts the product."""


class Settings(BaseSettings):
    """One field per setting; the description is its documentation. Made by `load_settings`."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(Path("./data"), description="map voor de SQLite-bestanden van de ingebouwde stand")
    keys_dir: Path | None = Field(None, description="map voor de sleutels; leeg = DATA_DIR/sleutels")
    host: str = Field("127.0.0.1", description="adres waarop het geheel luistert")
    port: int = Field(8000, ge=1, le=65535, description="poort, 1 tot en met 65535")
    database_url: str = Field("", description=f"leeg = SQLite in DATA_DIR; anders {POSTGRES}")
    toegang_database_url: str = Field("", description=OWN_ROLE)
    backoffice_database_url: str = Field("", description=OWN_ROLE)
    financien_database_url: str = Field("", description=OWN_ROLE)
    contractmanagement_database_url: str = Field("", description=OWN_ROLE)
    eigenaar_database_url: str = Field("", description=f"leeg, of de rol die het schema mag wijzigen: {POSTGRES}")
    beheer_database_url: str = Field("", description=f"leeg, of de beheerder, alleen voor inrichten: {POSTGRES}")
    kafka_bootstrap_servers: str = Field("", description="leeg = bus in het proces; anders server:9092[,server:9092]")
    toegang_url: str = Field("", description="waar een losse backoffice de dienst toegang vindt: http://toegang:8000")
    oin: str = Field("00000001234567890000", pattern=r"^[0-9]{20}$", description="OIN van 20 cijfers")
    proef: bool = Field(False, description="proefstand: true of false")
    vandaag: date | None = Field(None, description="vaste datum JJJJ-MM-DD, alleen in de proefstand")
    wachttijd_werkdagen: int = Field(1, ge=0, le=30, description="hoe lang een bericht op een ander wacht, 0 tot 30")

    @field_validator("vandaag", "keys_dir", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("vandaag", mode="before")
    @classmethod
    def _written_as_a_date(cls, value: object) -> object:
        # pydantic alone would also take "0" for a date: seconds since 1970.
        if isinstance(value, str) and value and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError("no date")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given: `load_settings` has looked at the environment, and refused what it does not know."""
        return (init_settings,)

    @model_validator(mode="after")
    def _fixed_today_needs_trial(self) -> Settings:
        if self.vandaag is not None and not self.proef:
            raise ValueError(
                f"{PREFIX}VANDAAG={str(self.vandaag)!r} kan niet. Toegestaan: leeg, of een datum als "
                f"{PREFIX}PROEF=true (proefstand)."
            )
        return self

    @field_validator(*ADDRESSES)
    @classmethod
    def _address_of_a_database(cls, value: str) -> str:
        return checked(value) if value else value

    @field_validator("kafka_bootstrap_servers")
    @classmethod
    def _servers_with_ports(cls, value: str) -> str:
        if value and not all(re.fullmatch(r"[^\s,:/]+:[0-9]{1,5}", server) for server in value.split(",")):
            raise ValueError("no list of servers")
        return value

    @field_validator("toegang_url")
    @classmethod
    def _address_on_the_web(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/?#]+/?", value):
            raise ValueError("no address")
        return value.rstrip("/")

    @property
    def keys(self) -> Path:
        """Where the keys are."""
        return self.keys_dir or self.data_dir / "sleutels"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: of this process and its `.env` file, or of `environment` alone. Raises SettingsError naming
    setting, value and what is allowed."""
    if environment is None:
        from_file = {name: value or "" for name, value in dotenv_values(ENV_FILE).items()}
        environment = {**from_file, **os.environ}
    given = _known(environment)
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(" ".join(_explained(fault, given) for fault in error.errors(include_url=False))) from error


def _known(environment: Mapping[str, str]) -> dict[str, Any]:
    """Field → text, of every setting of this product. Raises SettingsError for one that does not exist."""
    names = {f"{PREFIX}{name.upper()}": name for name in Settings.model_fields}
    given: dict[str, Any] = {}
    for name, value in environment.items():
        setting = name.upper()
        if setting in names:
            given[names[setting]] = value
        elif setting.startswith(PREFIX) and not setting.startswith(FOR_TESTS):
            known = ", ".join(sorted(names))
            raise SettingsError(f"Onbekende instelling {name}={_shown(value)}. Bekend zijn: {known}.")
    return given


def _explained(fault: Mapping[str, Any], given: Mapping[str, str]) -> str:
    field = str(fault["loc"][0]) if fault["loc"] else ""
    if field not in Settings.model_fields:
        return str(fault["msg"]).removeprefix("Value error, ")
    allowed = Settings.model_fields[field].description
    return f"{PREFIX}{field.upper()}={_shown(given.get(field, ''))} kan niet. Toegestaan: {allowed}."


def _shown(value: str) -> str:
    """A value as the message names it: the address of a database without its password, for messages end up in logs."""
    return repr(re.sub(r"//[^/]*@", "//...@", value))
