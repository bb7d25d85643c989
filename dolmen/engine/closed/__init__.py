"""Starts processes closed in, watches them, and ends all that they started.

`start` is the judge's side. The warden (`warden`) is a process of its own between the judge and the foreign program:
it prepares the inside, watches it and ends it. It is a process because the judge may be killed, and because the first
process of a namespace must do nothing but wait. What protects is said by `Held`, not assumed: each of Landlock, seccomp
and namespaces goes without the others, for each is missing somewhere (Ubuntu 24.04 and Docker give no namespaces, older
kernels no Landlock). That is also why it isn't bubblewrap, which does nothing where there are no namespaces.
"""
