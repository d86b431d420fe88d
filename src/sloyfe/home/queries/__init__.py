"""Questions that join subjects."""
