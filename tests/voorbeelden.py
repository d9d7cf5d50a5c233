"""How many examples a property gets, and what is done with one that fails.

`make test` tries as many as a test names, `make check` a fifth of them (profile `snel`); always the same ones. Neither
looks for the smallest example that fails: that may take minutes, and who waits for a red run wants to know now.
`--hypothesis-profile=klein` finds the same failure and then does look. PLEKREGIE_FUZZ tries new examples, and more.
"""

from __future__ import annotations

import os

from hypothesis import Phase, settings

GEWOON = 100  # examples of a property that names no number
ZONDER_VERKLEINEN = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target)
VAST, SNEL, KLEIN, VERDER = "vast", "snel", "klein", "verder"
DEEL = {SNEL: 5}  # of the examples, one in so many
MINSTENS = 3


def registreer_profielen() -> None:
    """Make the profiles known and choose one; `--hypothesis-profile` may choose another. No deadline: a timed assertion
    on a shared machine says nothing."""
    zonder = {"deadline": None, "derandomize": True, "phases": ZONDER_VERKLEINEN}
    settings.register_profile(VAST, max_examples=GEWOON, **zonder)
    settings.register_profile(SNEL, max_examples=GEWOON // DEEL[SNEL], **zonder)
    settings.register_profile(KLEIN, max_examples=GEWOON, deadline=None, derandomize=True)
    settings.register_profile(VERDER, max_examples=2000, deadline=None)
    settings.load_profile(VERDER if os.environ.get("PLEKREGIE_FUZZ") else VAST)


def voorbeelden(aantal: int) -> settings:
    """Settings of a property that gets this many examples where time allows. Read when its module is: by then the
    profile has been chosen."""
    deel = DEEL.get(settings.get_current_profile_name(), 1)
    return settings(max_examples=max(aantal // deel, min(aantal, MINSTENS)))
