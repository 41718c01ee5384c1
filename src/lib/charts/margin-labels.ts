import * as Plot from '@observablehq/plot';

/** What the right margin names, at a value of the ordinate. */
export interface MarginLabel {
  value: number;
  label: string;
  tone: string;
}

/** Pushes labels apart so that none overlaps, keeping their order. */
export function spread(positions: number[], gap: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => positions[a]! - positions[b]!);
  const placed = [...positions];
  order.forEach((index, rank) => {
    const above = order[rank - 1];
    if (above !== undefined) placed[index] = Math.max(placed[index]!, placed[above]! + gap);
  });
  return placed;
}

interface Margin {
  /** Where the ordinate ends, and pixels from there to the labels. */
  x: number;
  dx: number;
  /** Least pixels between two labels. */
  gap: number;
  /** Height of a value in pixels. */
  toPixel: (value: number) => number;
}

/** A label in the right margin for each value, at its height or the nearest free one. */
export function marginLabels(labels: MarginLabel[], { x, dx, gap, toPixel }: Margin): Plot.Markish[] {
  const wanted = labels.map(({ value }) => toPixel(value));
  const placed = spread(wanted, gap);
  return labels.map((label, i) =>
    Plot.text([label], {
      ...{ x, y: 'value', text: 'label', textAnchor: 'start', dx },
      dy: placed[i]! - wanted[i]!,
      className: `${label.tone}-label`
    })
  );
}
