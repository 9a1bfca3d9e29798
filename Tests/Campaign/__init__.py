"""Campaigns of faults against the epbuild binary: see docs/campaign.md."""
