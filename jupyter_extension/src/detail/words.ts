/** Ids and sizes as people read them. */

/** The tail of a run's id, which alone names it on the command line. */
export function shortId(id: string): string {
  return id.split('-').at(-1) ?? id;
}

/** A size such as `12 B`, `3.4 kB` or `1.2 GB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    [value, unit] = [value / 1000, unit + 1];
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
