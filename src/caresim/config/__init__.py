"""Text to validated, frozen objects: what an experiment is, composed by Hydra and checked by pydantic."""
