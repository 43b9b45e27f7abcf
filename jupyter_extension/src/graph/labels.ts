/** What is written on an edge. */

import type { Edge } from '../api/types';

type Kind = Edge['links'][number]['kind'];

/** The service writes the same signs in its own pictures. */
const SIGNS: Record<Kind, string> = {
  variable: '',
  ambient: '@',
  file: 'file ',
  declared: 'after:',
  conservative: '?'
};
const SHOWN = 2;

/** What crosses these edges: variables first, then `@random`, `file data.csv`, `after:load`; each once. */
export function edgeNames(edges: readonly Edge[]): string[] {
  const links = edges.flatMap(edge => edge.links);
  const isVariable = (link: Edge['links'][number]): boolean => link.kind === 'variable';
  const ordered = [...links.filter(isVariable), ...links.filter(link => !isVariable(link))];
  const texts = ordered.map(({ kind, name }) => {
    const sign = SIGNS[kind];
    return name.startsWith(sign.trim()) ? name : sign + name;
  });
  return [...new Set(texts)];
}

/** The first two and how many more there are: `df, model +3`. */
export function shortLabel(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (rest > 0 ? ` +${rest}` : '');
}
