"""The demo clinic: synthetic people, made by the same actions everybody uses, on dates relative to now."""

from mainstay.config.demo.filling import fill_if_empty, sign_ins
from mainstay.config.demo.live import play_live
from mainstay.config.demo.registry import play_registry

__all__ = ["fill_if_empty", "play_live", "play_registry", "sign_ins"]
