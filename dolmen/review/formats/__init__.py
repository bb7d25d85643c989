"""Four renderings of one report: terminal, Markdown, HTML and JSON."""
