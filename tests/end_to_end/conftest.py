from tests.cloud.plugin import *  # noqa: F403  (the hooks that keep order among real-engine tests)
