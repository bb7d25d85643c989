def build(settings: dict) -> None:
    raise LookupError(f"no such size: {settings['bucket']}")
