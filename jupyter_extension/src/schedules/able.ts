/** What an engine elsewhere cannot do becomes what it can. */

import type { Fields } from './fields';

/**
 * The policy that comes nearest to what was chosen.
 * @param cannot why something is not possible, by its name in the service; empty where it is
 */
export function able(
  { missed, overlap, source, notify }: Fields,
  initial: Fields,
  cannot: (name: string) => string
): Pick<Fields, 'missed' | 'overlap' | 'source' | 'notify'> {
  const first = <T extends string>(name: string, now: T, others: readonly T[]): T =>
    [now, ...others].find(each => cannot(`${name}=${each}`) === '') ?? now;
  const then = first('overlap', overlap, ['queue', 'allow', 'skip']);
  const goes = (each: Fields['missed']): boolean =>
    cannot(`missed=${each}`) === '' && cannot(`overlap=${then},missed=${each}`) === '';
  return {
    missed: [missed, ...(['once', 'all', 'skip'] as const)].find(goes) ?? missed,
    overlap: then,
    source: first('source', source, ['snapshot', 'follow']),
    notify: cannot('notify') ? initial.notify : notify
  };
}
