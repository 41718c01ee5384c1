/** Median and 95th percentile of durations in milliseconds. */
export interface Spread {
  median: number;
  p95: number;
}

export function spreadOf(durations: number[]): Spread {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;
  return { median: at(0.5), p95: at(0.95) };
}

/** Durations of `work` over runs that follow `warmUp` uncounted ones. */
export async function timed(runs: number, warmUp: number, work: (run: number) => Promise<unknown>): Promise<number[]> {
  const durations: number[] = [];
  for (let run = -warmUp; run < runs; run++) {
    const start = performance.now();
    await work(Math.abs(run));
    if (run >= 0) durations.push(performance.now() - start);
  }
  return durations;
}

export function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
