"""Plots of the reading benchmark: colours that colour-blind people tell apart, and a mark or dash for each besides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")  # Okabe and Ito
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
MARKS = "osD^vP*"
FEWEST = 15
"""Readings of a field, fewer make no curve."""


def draw(rows: Sequence[Row], folder: Path) -> list[Path]:
    """All plots that the rows have figures for."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update(
        {"font.size": 11, "figure.dpi": 100, "svg.hashsalt": "deskhand", "axes.grid": True, "axes.axisbelow": True}
    )
    mpl.rcParams.update({"grid.color": "#dddddd", "axes.spines.top": False, "axes.spines.right": False})
    folder.mkdir(parents=True, exist_ok=True)
    fields = [r for r in rows if r["what"] == "accuracy" and len(r.get("pairs") or ()) >= FEWEST]
    made = []
    for group in dict.fromkeys(r["set"] for r in fields):
        own = [r for r in fields if r["set"] == group]
        made += [_risk(own, group, folder), _reliability(own, group, folder)]
    made += [p for p in (_against(rows, folder), _cpu(rows, folder)) if p]
    return made


def _save(figure: Any, path: Path) -> Path:
    from matplotlib import pyplot

    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _name(kind: str, group: str, folder: Path) -> Path:
    return folder / f"{kind}-{group.replace(' ', '-').replace('_', '-')}.svg"


def _risk(rows: Sequence[Row], group: str, folder: Path) -> Path:
    """The share that passes against the share of it that is wrong, the surest first."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.6))
    for n, row in enumerate(rows):
        ordered = sorted(row["pairs"], key=lambda p: -p[0])
        wrong, points = 0, []
        for count, (sure, good) in enumerate(ordered, 1):
            wrong += not good
            if count == len(ordered) or ordered[count][0] < sure:
                points.append((100 * count / max(1, row["labelled"]), 100 * wrong / count))
        xs, ys = zip(*points, strict=True)
        label = f"{row['field']} ({row['labelled']})"
        axes.plot(xs, ys, color=COLOURS[n % 7], linestyle=DASHES[(n + n // 7) % 7], linewidth=2, label=label)
    axes.axhline(1, color="#777777", linewidth=1)
    axes.text(1, 1.15, "1 % wrong", color="#555555", fontsize=9)
    axes.set(xlabel="passes, % of what is labelled", ylabel="wrong among these, %", xlim=(0, 102), ylim=(0, None))
    axes.set_title(f"Risk and coverage: {group}", loc="left")
    axes.legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return _save(figure, _name("risk", group, folder))


def _reliability(rows: Sequence[Row], group: str, folder: Path) -> Path:
    """Confidence against the share that is right, in five bins of equal numbers."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.6))
    axes.plot((0, 1), (0, 1), color="#777777", linewidth=1)
    for n, row in enumerate(rows):
        ordered = sorted(row["pairs"])
        size = max(1, len(ordered) // 5)
        parts = [ordered[i : i + size] for i in range(0, len(ordered) - size + 1, size)]
        points = [(sum(c for c, _ in p) / len(p), sum(g for _, g in p) / len(p)) for p in parts]
        xs, ys = zip(*points, strict=True)
        style: dict[str, Any] = {"marker": MARKS[n % 7], "linestyle": DASHES[(n + n // 7) % 7], "linewidth": 1.2}
        axes.plot(xs, ys, color=COLOURS[n % 7], label=f"{row['field']} ({len(ordered)})", **style)
    axes.set(xlabel="confidence", ylabel="share that is right", xlim=(0, 1.02), ylim=(0, 1.03))
    axes.set_title(f"Reliability: {group}", loc="left")
    axes.legend(fontsize=9, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return _save(figure, _name("reliability", group, folder))


def _against(rows: Sequence[Row], folder: Path) -> Path | None:
    """F1 by set, against the baselines."""
    from matplotlib import pyplot

    ours = {r["set"]: r["f1"] for r in rows if r["what"] == "accuracy" and r["field"] == "all"}
    others = {(r["reader"], r["set"]): r["f1"] for r in rows if r["what"] == "baseline"}
    if not ours or not others:
        return None
    readers = ["deskhand", *dict.fromkeys(reader for reader, _ in others)]
    figure, axes = pyplot.subplots(figsize=(8, 4.2))
    width = 0.8 / len(readers)
    for n, reader in enumerate(readers):
        values = [ours[s] if reader == "deskhand" else others.get((reader, s)) for s in ours]
        places = [i + (n - (len(readers) - 1) / 2) * width for i in range(len(ours))]
        bars = axes.bar(places, [v or 0 for v in values], width, color=COLOURS[n], label=reader)
        axes.bar_label(bars, ["" if v is None else f"{100 * v:.0f}" for v in values], fontsize=9, padding=1)
    axes.set_xticks(range(len(ours)), list(ours))
    axes.set(ylim=(0, 1.2), ylabel="F1, values normalised")
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    axes.set_title("Fields read rightly, per cent", loc="left")
    axes.legend(fontsize=9, frameon=False, ncols=len(readers), loc="upper left")
    return _save(figure, folder / "against.svg")


def _cpu(rows: Sequence[Row], folder: Path) -> Path | None:
    """CPU seconds a page by engine."""
    from matplotlib import pyplot

    engines = [r for r in rows if r["what"] == "engine"]
    if not engines:
        return None
    figure, axes = pyplot.subplots(figsize=(8, 3.2))
    names = [r["reader"] for r in engines]
    colours = [COLOURS[0] if name.startswith("deskhand") else "#999999" for name in names]
    bars = axes.barh(names, [r["cpu_a_page"] for r in engines], color=colours)
    recall = [f"  {r['cpu_a_page']:.2f} s" + (f", recall {r['word_recall']:.2f}" if "word_recall" in r else "")
              for r in engines]  # fmt: skip
    axes.bar_label(bars, recall, fontsize=9)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.45 * max(r["cpu_a_page"] for r in engines))
    axes.set_xlabel("CPU seconds a page, receipts")
    axes.set_title("What a page costs", loc="left")
    return _save(figure, folder / "cpu.svg")
