"""Skeletons, components, the gallery of both, and browser assets."""
