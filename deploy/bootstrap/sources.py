"""Where packages come from on this machine: what pip is told is passed on to uv, and the other way round."""

import configparser
from collections.abc import Iterable, Mapping
from pathlib import Path

# A setting of the person at the keyboard that would send packages out of .venv, or mix another Python in.
_DROPPED = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "UV_PYTHON")
_FIXED = {
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}


def pip_configuration(environ: Mapping[str, str], prefix: Path) -> dict[str, str]:
    """The settings of pip's own files (site, user, named in PIP_CONFIG_FILE), later files winning."""
    chosen: dict[str, str] = {}
    for path in _configuration_files(environ, prefix):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue  # pip itself reports a broken file better than we could
        for section in ("global", "install"):
            if parser.has_section(section):
                chosen.update({key.replace("_", "-"): value.strip() for key, value in parser.items(section)})
    return chosen


def tool_environment(environ: Mapping[str, str], configuration: Mapping[str, str], venv: Path) -> dict[str, str]:
    """The environment in which pip and uv run: one index, proxy and certificates for both, caches in `venv`.

    `configuration` is what `pip_configuration` found; PIP_* in `environ` goes first; UV_* that is set stays.
    """

    def pip(name: str) -> str:
        return environ.get("PIP_" + name.replace("-", "_").upper()) or configuration.get(name, "")

    env = {key: value for key, value in environ.items() if key not in _DROPPED} | _FIXED
    _default(env, "UV_CACHE_DIR", str(venv / ".cache" / "uv"))
    _default(env, "PIP_CACHE_DIR", str(venv / ".cache" / "pip"))
    _default(env, "PIP_RETRIES", "2")

    index = pip("index-url") or environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL", "")
    _default(env, "PIP_INDEX_URL", index)
    if not environ.get("UV_INDEX_URL"):
        _default(env, "UV_DEFAULT_INDEX", index)
    if extra := " ".join(pip("extra-index-url").split()):
        _default(env, "UV_INDEX", extra)
        # uv stops at the first index that knows a name; the hashes make looking further safe.
        _default(env, "UV_INDEX_STRATEGY", "unsafe-best-match")
    _default(env, "UV_FIND_LINKS", ",".join(pip("find-links").split()))
    if pip("no-index").lower() in ("1", "true", "yes", "on"):
        _default(env, "UV_NO_INDEX", "1")
    _default(env, "UV_INSECURE_HOST", " ".join(pip("trusted-host").split()))

    for name in ("HTTPS_PROXY", "HTTP_PROXY"):
        if not environ.get(name.lower()):
            _default(env, name, pip("proxy"))
    if Path(pip("cert")).is_file():
        _default(env, "SSL_CERT_FILE", pip("cert"))
    _default(env, "PIP_CERT", env.get("SSL_CERT_FILE", ""))
    _default(env, "SSL_CLIENT_CERT", pip("client-cert"))
    if not env.get("SSL_CERT_FILE"):
        # uv brings its own roots and would refuse a network that inspects TLS.
        _default(env, "UV_SYSTEM_CERTS", "1")
    return env


def _default(env: dict[str, str], name: str, value: str) -> None:
    if value and not env.get(name):
        env[name] = value


def _configuration_files(environ: Mapping[str, str], prefix: Path) -> Iterable[Path]:
    named = environ.get("PIP_CONFIG_FILE", "")
    if named == "/dev/null":
        return
    yield from (Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf"))
    if home := environ.get("HOME"):
        yield Path(home) / ".pip" / "pip.conf"
        yield Path(home) / "Library" / "Application Support" / "pip" / "pip.conf"
        yield Path(environ.get("XDG_CONFIG_HOME") or Path(home) / ".config") / "pip" / "pip.conf"
    yield prefix / "pip.conf"
    if named:
        yield Path(named)
