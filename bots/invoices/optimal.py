"""The best pairing of two lists: optimal assignment by shortest augmenting paths (Jonker and Volgenant's idea)."""

from __future__ import annotations

from collections.abc import Sequence

_INFINITE = float("inf")


def best_pairs(scores: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that it is paired with, so that the sum of scores is the greatest possible.

    A score of zero or less is never paired: its row stays alone (None), as rows do that others outbid. No column is
    taken twice. Ties go to the earlier row and column, so the result depends on the order of the input alone.
    Cost: rows² x columns in the worst case.
    """
    rows = len(scores)
    columns = len(scores[0]) if rows else 0
    width = columns + rows  # a column of its own for each row that stays alone
    cost = [[-s if s > 0 else _INFINITE for s in row] + [0.0] * rows for row in scores]
    row_price, column_price = [0.0] * rows, [0.0] * width
    owner: list[int | None] = [None] * width
    for row in range(rows):
        _augment(row, cost, row_price, column_price, owner)
    pairs: list[int | None] = [None] * rows
    for column in range(columns):
        taker = owner[column]
        if taker is not None:
            pairs[taker] = column
    return pairs


def _augment(
    start: int, cost: list[list[float]], row_price: list[float], column_price: list[float], owner: list[int | None]
) -> None:
    """Finds a place for row `start`, moving other rows where the whole becomes better."""
    width = len(column_price)
    distance, came_from, done = [_INFINITE] * width, [-1] * width, [False] * width
    row, column, reached = start, -1, 0.0
    while True:
        prices = cost[row]
        nearest, best = -1, _INFINITE
        for c in range(width):
            if done[c]:
                continue
            through = reached + prices[c] - row_price[row] - column_price[c]
            if through < distance[c]:
                distance[c], came_from[c] = through, column
            if distance[c] < best:
                nearest, best = c, distance[c]
        column, reached = nearest, best
        done[column] = True
        taker = owner[column]
        if taker is None:
            break
        row = taker
    for c in range(width):
        taker = owner[c]
        if done[c] and c != column and taker is not None:
            column_price[c] += distance[c] - reached
            row_price[taker] += reached - distance[c]
    row_price[start] += reached
    while True:  # hand the columns along the path on
        before = came_from[column]
        owner[column] = start if before == -1 else owner[before]
        if before == -1:
            return
        column = before
