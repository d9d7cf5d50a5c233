"""What holds for SQLite holds for PostgreSQL: the very same tests, with the other `database`."""

from __future__ import annotations

import inspect

import pytest

from tests.shared.database import test_changeset, test_group_commit, test_trouble, test_values

pytestmark = pytest.mark.distributed

# These look into the file, lock it, or fill it: test_postgres.py has their counterparts.
ABOUT_THE_FILE = {
    "test_a_date_is_stored_as_text_that_sorts",
    "test_changesets_that_wait_together_share_one_transaction",
    "test_commits_one_after_the_other_are_a_transaction_each",
    "test_a_full_disk_is_named_and_nothing_is_written",
    "test_after_room_was_made_commits_work_again",
    "test_on_a_full_disk_nobody_hears_yes_for_what_is_not_there",
    "test_upkeep_on_a_full_disk_is_named_as_well",
    "test_a_lock_that_lasts_is_named_and_nothing_is_written",
    "test_a_database_with_its_schema_is_ready_also_while_another_process_writes",
    "test_readers_do_not_wait_for_a_writer",
    "test_an_empty_changeset_writes_nothing",
    "test_a_caller_that_gives_up_does_not_break_the_writer",
}

for module in (test_changeset, test_values, test_group_commit, test_trouble):
    for name, claim in list(vars(module).items()):
        inherited = name.startswith("test_") and callable(claim) and "database" in inspect.signature(claim).parameters
        if inherited and name not in ABOUT_THE_FILE:
            globals()[name] = claim
