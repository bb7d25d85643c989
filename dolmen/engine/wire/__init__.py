"""Carries plans between processes as typed JSON.

Who evaluates a program writes (`encode`), and who judges it reads (`decode`): what comes back was made by
somebody else's program and is foreign input. Nothing that is read here can run.

Dataclasses are objects with all of their fields. A value of a program (`plan.Value`) is itself where JSON has it, and a
map is an object; every array is `[kind, …]`, so that no map or list of a program can be taken for something else:

    ["list", …]   ["unknown"]   ["secret", fingerprint]   ["placeholder", label]   ["resource", urn]
    ["asset", kind, source, fingerprint]   ["integer", hexadecimal]   ["float", "nan" | "inf" | "-inf"]

Text is UTF-8; a lone surrogate, which a Python string may hold, is written as the three bytes that UTF-8 would give it.
"""
