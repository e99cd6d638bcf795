"""The goals of each row of cells, and whether they are met."""

import statistics

from cells import CELLS, ROWS, SLOWER


def get_ratios(row):
    """Returns the share of the roof, and how many times as fast as the fastest
    peer in the same layout and as the fastest in any; None without peers."""
    ours = row["ours"]
    same = [t for name, t in row["peers"].items() if is_same(row, name)]
    fastest = lambda times: min(times) / ours if times else None
    return row["roof"] / ours, fastest(same), fastest(list(row["peers"].values()))


def get_dynamic_speed(row):
    """Returns how fast code for all sizes is, where 1 is code for these."""
    return row["ours"] / row["dynamic"]


def is_same(row, name):
    return row["layouts"][name] == row["layout"]


def summarize(rows):
    """Returns one line for each row of cells that has any."""
    cells = {str(cell): cell for cell in CELLS}
    lines = []
    for goals in ROWS:
        own = [get_ratios(row) for row in rows if goals.has(cells[row["cell"]])]
        if not own:
            continue
        columns = [[value for value in column if value is not None] for column in zip(*own)]
        medians = [statistics.median(column) if column else None for column in columns]
        wanted = [goals.share, goals.same, goals.any]
        lines.append(
            {
                "name": goals.name,
                "cells": len(own),
                "medians": medians,
                "goals": wanted,
                "passed": all(
                    median is None or goal is None or median >= goal
                    for median, goal in zip(medians, wanted)
                ),
            }
        )
    return lines


def list_slower(rows):
    """Returns the cells that lose to a peer in their layout: ratio and cell."""
    ratios = [(get_ratios(row)[1], row) for row in rows]
    return [(ratio, row) for ratio, row in ratios if ratio is not None and ratio * SLOWER < 1]
