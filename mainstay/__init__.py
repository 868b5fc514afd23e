"""Mainstay: the clinic system that does a medical assistant's whole job."""

__version__ = "0.1.0"
