"""A picture of the speeds, as SVG: a group of bars for each cell, the share of
the roof's bandwidth that Norm and the peers in the same layout reach."""

from xml.sax.saxutils import escape

from summary import is_same

BAR, GAP, TOP, LEFT = 7, 12, 46, 290  # pixels
LIMIT = 1.2  # The axis ends here; the roof is 1.
COLORS = "#1b4f9c #e07b39 #f2b880 #5b9e5f #9b6fb0 #c44e52 #8c8c8c #64b5cd #ccb974 #555555".split()


def draw(rows):
    """Returns the SVG: cells from top to bottom, bars from left to right."""
    names = ["Norm", *sorted({n for row in rows for n in row["peers"] if is_same(row, n)})]
    colors = {name: COLORS[i % len(COLORS)] for i, name in enumerate(names)}
    width, scale = LEFT + 560, 520 / LIMIT
    body, y = [], TOP
    for row in rows:
        times = {"Norm": row["ours"]}
        times |= {n: t for n, t in row["peers"].items() if is_same(row, n)}
        middle = y + BAR * len(times) / 2 + 4
        body.append(
            f'<text x="{LEFT - 6}" y="{middle:.0f}" text-anchor="end">{escape(row["cell"])}</text>'
        )
        for name, time in times.items():
            share = row["roof"] / time
            body.append(
                f'<rect x="{LEFT}" y="{y}" width="{min(share, LIMIT) * scale:.1f}" height="{BAR - 1}" '
                f'fill="{colors[name]}"><title>{escape(name)} {share:.2f}</title></rect>'
            )
            y += BAR
        y += GAP
    legend, x = [], LEFT
    for name in names:
        legend.append(f'<rect x="{x}" y="8" width="9" height="9" fill="{colors[name]}"/>')
        legend.append(f'<text x="{x + 12}" y="16">{escape(name)}</text>')
        x += 24 + 6 * len(name)
    width = max(width, x)
    lines = []
    for tenth in range(0, 13, 2):
        at = LEFT + tenth / 10 * scale
        color = "#000" if tenth == 10 else "#ddd"
        lines.append(f'<line x1="{at:.1f}" y1="{TOP - 6}" x2="{at:.1f}" y2="{y}" stroke="{color}"/>')
        lines.append(f'<text x="{at:.1f}" y="{TOP - 9}" text-anchor="middle">{tenth / 10:g}</text>')
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + 4}" '
            'font-family="sans-serif" font-size="10">',
            '<rect width="100%" height="100%" fill="#fff"/>',
            '<text x="6" y="16">Share of the roof</text>',
            *legend,
            *lines,
            *body,
            "</svg>\n",
        ]
    )
