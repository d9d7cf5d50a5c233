"""What every test may ask for, and the plain account at the end of what was left out."""

import gc
import os
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.voorbeelden import KLEIN, registreer_profielen

ROOT = Path(__file__).resolve().parents[1]
# Mark of a test that needs more than Python: the setting that switches it on, and what it needs.
OPTIONAL = {
    "distributed": ("PLEKREGIE_TEST_DISTRIBUTED", "PostgreSQL en Kafka"),
    "browser": ("PLEKREGIE_TEST_BROWSER", "een browser"),
}

registreer_profielen()


@pytest.fixture(scope="session")
def gedeeld() -> Path:
    """The folder with reference data of the standards; without it a test is skipped, and fails in CI."""
    folder = Path(os.environ.get("PLEKREGIE_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        missing = f"referentiegegevens: zet PLEKREGIE_SHARED op de map ermee (niet gevonden: {folder})"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of an administrator of PostgreSQL; without a server the test is skipped, naming how to add one."""
    # Only here: the client of Docker takes long to load.
    from tests.distributed.postgres_server import NoServer, postgres_server

    try:
        with postgres_server() as url:
            yield url
    except NoServer as missing:
        pytest.skip(str(missing))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what was not asked for, naming the setting that adds it."""
    for item in items:
        for mark, (setting, needs) in OPTIONAL.items():
            if item.get_closest_marker(mark) and not _asked_for(setting):
                item.add_marker(pytest.mark.skip(reason=f"{needs}: zet {setting}=1"))


def pytest_collection_finish() -> None:
    """What was read so far stays, so the collector need not walk through all of it time and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a setting on `required`, its tests must run: one that skips itself has failed."""
    report = yield
    required = any(
        item.get_closest_marker(mark) and os.environ.get(setting) == "required"
        for mark, (setting, _) in OPTIONAL.items()
    )
    if required and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"verplicht, maar overgeslagen: {_reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and how to add it, also when that is nothing."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    terminalreporter.section("niet gedraaid")
    for reason, number in sorted(reasons.items()):
        terminalreporter.write_line(f"{number} × {reason}")
    for setting, needs in OPTIONAL.values():
        if not _asked_for(setting) and not any(setting in reason for reason in reasons):
            terminalreporter.write_line(f"Hier zijn geen tests bij die {needs} vragen ({setting}=1).")
    if not reasons:
        terminalreporter.write_line("Niets is overgeslagen.")
    if any("hypothesis" in report.keywords for report in terminalreporter.stats.get("failed", [])):
        terminalreporter.section("voorbeelden die niet klein zijn gemaakt")
        terminalreporter.write_line(f"Het kleinste voorbeeld zoeken kan minuten duren: --hypothesis-profile={KLEIN}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share out by file, as `--dist loadfile`; the tests of a file that run in both modes are two shares. In the order
    of collection: by number of tests the few that take minutes would come last, while the other process has nothing."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class PerFileAndMode(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file, _, test = nodeid.partition("::")
            return f"{file} verspreid" if "[verspreid" in test else file

    config.option.loadscopereorder = False
    return PerFileAndMode(config, log)


def _asked_for(setting: str) -> bool:
    return os.environ.get(setting, "") not in ("", "0")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason of a skip, which pytest keeps as (path, line, text)."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
