"""A command that is started, and pages that are fetched."""

import subprocess
import urllib.error
import urllib.request

import pulumi_random as random
import requests

WORLD = "https://world.example"  # where the tests' own server answers
run = subprocess.run(["echo", "v1.2.3"], capture_output=True, text=True, check=True)
with urllib.request.urlopen(f"{WORLD}/address") as page:
    address = page.read().decode()
try:
    urllib.request.urlopen(f"{WORLD}/nothing")
    missing = "there"
except urllib.error.HTTPError as error:
    missing = str(error.code)
versions = requests.get(f"{WORLD}/versions", params={"of": "it"}, timeout=5).json()
random.RandomPet(
    "answers",
    length=versions["count"],
    keepers={
        "run": run.stdout.strip(),
        "output": subprocess.check_output("echo v1.2.3", shell=True).decode().strip(),
        "lines": " ".join(line.strip() for line in subprocess.Popen(["echo", "v1.2.3"], stdout=-1, text=True).stdout),
        "address": address,
        "missing": missing,
        "version": versions["latest"],
    },
)
