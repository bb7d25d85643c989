"""Dolmen: see what a change does to every environment's databases before any credential is used."""
