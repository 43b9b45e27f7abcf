/** Which colour a step has. */

/** How many colours style/tagging.css has. */
export const COLOURS = 8;

/**
 * The number of each step's colour. A step keeps its colour when others come and go, as far as eight colours allow: it
 * hangs on the name, and only a colour that an earlier step has taken makes way for the next free one.
 */
export function coloursOf(names: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  names.forEach((name, index) => {
    const recent = new Set(names.slice(Math.max(0, index - COLOURS + 1), index).map(each => found.get(each)));
    let colour = hash(name) % COLOURS;
    while (recent.has(colour)) {
      colour = (colour + 1) % COLOURS;
    }
    found.set(name, colour);
  });
  return found;
}

/** FNV-1a. */
function hash(text: string): number {
  let found = 0x811c9dc5;
  for (const sign of text) {
    found = Math.imul(found ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return found;
}
