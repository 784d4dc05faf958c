"""One small function for each claim or measurement, settings in one dataclass, records out."""
