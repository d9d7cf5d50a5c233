"""Running one step of the set-up, and saying in plain Dutch what went wrong with it."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic

_LAST_LINES = 12
_OFFLINE = (
    "Er is geen verbinding met de pakket-index. Controleer het netwerk; achter een proxy: zet HTTPS_PROXY; "
    "met een eigen spiegel: zet PIP_INDEX_URL."
)
# First match counts: the specific before the general.
_CAUSES = (
    (
        r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|UnknownIssuer|invalid peer certificate",
        "Het netwerk gebruikt een certificaat dat hier niet bekend is. Zet SSL_CERT_FILE op het bestand met "
        "de certificaten van uw organisatie.",
    ),
    (r"No space left|[Dd]isk quota|os error 28", "De schijf is vol. Maak ruimte: reken op 700 MB."),
    (
        r"Permission denied|Read-only file system|os error 13",
        "Deze map mag niet worden beschreven. Gebruik een map van uzelf, en geen sudo.",
    ),
    (
        r"ProxyError|Proxy Authentication|\b407\b|tunnel|proxy connect",
        "De proxy weigert de verbinding. Controleer HTTPS_PROXY en HTTP_PROXY.",
    ),
    (
        r"\b40[13]\b (Client Error|Unauthorized|Forbidden)|(status code|HTTP Error):? 40[13]",
        "De pakket-index weigert de toegang. Controleer het adres en de inlog in PIP_INDEX_URL of pip.conf.",
    ),
    (
        r"[Hh]ash(es)? ?mismatch|DO NOT MATCH THE HASHES",
        "Een pakket is niet het pakket uit de lock. Probeer het opnieuw; blijft het zo, dan levert uw "
        "spiegel iets anders.",
    ),
    (
        r"name resolution|not known|dns error|timed out|[Nn]etwork is unreachable|Connection refused"
        r"|No route to host|NewConnectionError|Failed to fetch|error sending request",
        _OFFLINE,
    ),
    (
        r"no usable wheels|has no wheels|No matching distribution|not a supported wheel",
        "De index heeft een pakket niet voor dit systeem. Plekregie draait op Linux met glibc (dus niet op "
        "Alpine), macOS met Apple-chip en Windows (WSL). Geen netwerk kan dezelfde melding geven.",
    ),
)


class StepFailed(Exception):
    """A step that ended badly: its name, what the tool printed, and advice when the cause is known."""

    def __init__(self, step: str, output: str, advice: str = "") -> None:
        super().__init__(step)
        self.step, self.output, self.advice = step, output, advice


def run(step: str, argv: Sequence[str], env: Mapping[str, str]) -> str:
    """Run a command without input and return all it printed; StepFailed when it fails or cannot start."""
    try:
        # Secrets of an index travel in the environment, never in the arguments that `ps` shows.
        done = subprocess.run(
            argv,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        raise StepFailed(step, str(error)) from error
    output = done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise StepFailed(step, output or f"afgebroken met code {done.returncode}")
    return output


@contextmanager
def progress(step: str) -> Iterator[None]:
    """Show one line for a step: its name at once, its seconds when it is done."""
    print(f"  {step} … ", end="", file=sys.stderr, flush=True)
    start = monotonic()
    yield
    print(f"{monotonic() - start:.1f} s".replace(".", ","), file=sys.stderr)


def likely_cause(output: str) -> str:
    """One Dutch sentence on what most often lies behind this output, with the way out; empty when unknown."""
    return next((text for pattern, text in _CAUSES if re.search(pattern, output)), "")


def explain(failure: StepFailed, again: str) -> str:
    """The whole message: which step, the last lines, the likely cause, and the command to repeat."""
    lines = [line for line in _without_secrets(failure.output).splitlines() if line.strip()][-_LAST_LINES:]
    cause = failure.advice or likely_cause(failure.output)
    parts = [f"\nHet klaarzetten is gestopt bij: {failure.step}.", *(f"  | {line}" for line in lines)]
    if cause:
        parts.append(cause)
    return "\n".join([*parts, f"Daarna opnieuw: {again}"])


def _without_secrets(text: str) -> str:
    return re.sub(r"//[^/\s@]+@", "//***@", text)
