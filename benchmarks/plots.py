"""Small SVG plots for the docs: curves and points on plain axes, readable without colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT = 640, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 56, 48
_STYLES = (("#1f5fa8", ""), ("#b5482a", "7 4"), ("#5a5a5a", "2 3"))
"""Colour and dashes of each series."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What stands along one side."""

    label: str
    """With its unit."""
    ticks: Sequence[float]
    """Rising; the first and last are the ends."""
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return how far along it a value stands, from 0 to 1."""
        first, last, at = self.ticks[0], self.ticks[-1], value
        if self.is_log:
            first, last, at = math.log(first), math.log(last), math.log(max(value, first))
        return min(max((at - first) / (last - first), 0.0), 1.0)


@dataclass(frozen=True, kw_only=True)
class Series:
    """Points under one name."""

    name: str
    points: Sequence[tuple[float, float]]
    is_line: bool = True


def svg(title: str, x: Axis, y: Axis, series: Sequence[Series]) -> str:
    """Return a plot as an SVG document."""
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(_LEFT, 20, title, weight="bold"),
    ]
    for value in y.ticks:
        at = _down(y, value)
        parts.append(_line(_LEFT, at, _WIDTH - _RIGHT, at))
        parts.append(_text(_LEFT - 6, at + 4, f"{value:g}", anchor="end"))
    for value in x.ticks:
        at = _across(x, value)
        parts.append(_line(at, _TOP, at, _HEIGHT - _BOTTOM))
        parts.append(_text(at, _HEIGHT - _BOTTOM + 16, f"{value:g}", anchor="middle"))
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts += [
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, x.label, anchor="middle"),
        f'<g transform="rotate(-90 16 {middle:g})">{_text(16, middle, y.label, "middle")}</g>',
    ]
    for number, one in enumerate(series):
        parts += _drawn(one, x, y, *_STYLES[number % len(_STYLES)])
    parts += _legend(series)
    return "\n".join([*parts, "</svg>", ""])


def _drawn(one: Series, x: Axis, y: Axis, colour: str, dashes: str) -> list[str]:
    places = [(_across(x, across), _down(y, down)) for across, down in one.points]
    if not one.is_line:
        return [
            f'<circle cx="{across:.1f}" cy="{down:.1f}" r="3" fill="{colour}" fill-opacity="0.6"/>'
            for across, down in places
        ]
    points = " ".join(f"{across:.1f},{down:.1f}" for across, down in places)
    style = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
    return [f'<polyline points="{points}" {style}/>']


def _legend(series: Sequence[Series]) -> list[str]:
    """Name each series in a row above the plot, where nothing is hidden."""
    parts = []
    left, down = float(_LEFT), 40
    for number, one in enumerate(series):
        colour, dashes = _STYLES[number % len(_STYLES)]
        if one.is_line:
            style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"'
            parts.append(f'<path d="M{left:g} {down - 4}h30" {style}/>')
        else:
            parts.append(f'<circle cx="{left + 15:g}" cy="{down - 4}" r="3" fill="{colour}"/>')
        parts.append(_text(left + 36, down, one.name))
        left += 56 + 6.4 * len(one.name)
    return parts


def _across(axis: Axis, value: float) -> float:
    return _LEFT + axis.share(value) * (_WIDTH - _LEFT - _RIGHT)


def _down(axis: Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - axis.share(value) * (_HEIGHT - _TOP - _BOTTOM)


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="#222">{escape(text)}</text>'
    )
