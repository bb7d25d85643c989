"""What holds for every test: no time limit that a busy machine could reach, and long forms only when asked for."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from dolmen.engine import evaluation
from tests.cloud.plugin import *  # noqa: F403  (the hooks that keep order among real-engine tests)
from tests.time_limits import PATIENCE

pytest_plugins = ("tests.conformance.figures",)
evaluation.TIMEOUT = PATIENCE
os.environ["DOLMEN_TIMEOUT"] = str(PATIENCE)  # the same for the command in a process of its own
settings.register_profile("dolmen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dolmen")
