/** A notebook's name that none of the others has: `tour.ipynb`, then `tour-1.ipynb` and so on. */
export function freeName(stem: string, others: readonly string[]): string {
  const taken = new Set(others);
  for (let number = 0; ; number++) {
    const name = number === 0 ? `${stem}.ipynb` : `${stem}-${number}.ipynb`;
    if (!taken.has(name)) {
      return name;
    }
  }
}
