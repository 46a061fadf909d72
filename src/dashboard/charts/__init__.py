"""Figures: a table to be read goes in, a finished Plotly figure comes out. Charts decide nothing."""

from dashboard.charts.camera import Kind, NoPictureEngine, picture, pictures
from dashboard.charts.registry import CHARTS, Chart, draw
from dashboard.charts.words import describe

__all__ = ["CHARTS", "Chart", "Kind", "NoPictureEngine", "describe", "draw", "picture", "pictures"]
