/** Finds something to begin from while one types. */

import { type KeyboardEvent, type ReactElement, useEffect, useRef, useState } from 'react';

import type { LineageStart } from '../api/types';
import { useLineage } from './context';
import { StartLine, subjectOfStart } from './starts';

const PAUSE_MS = 150;
const LIST = 'nb2pipe-lineage-found';

export function LineageSearch(): ReactElement {
  const { model, trans } = useLineage();
  const [words, setWords] = useState('');
  const [found, setFound] = useFound(words);
  const [at, setAt] = useState(-1);
  const close = (): void => {
    setWords('');
    setFound(null);
    setAt(-1);
  };
  const take = (start: LineageStart): void => {
    close();
    void model.walk(subjectOfStart(start));
  };
  const onKey = (event: KeyboardEvent): void => {
    const count = found?.length ?? 0;
    if (event.key === 'Escape') {
      close();
    } else if (event.key === 'Enter' && words.trim() !== '') {
      const start = found?.[Math.max(at, 0)];
      if (start) {
        take(start);
      } else {
        void model.walk({ name: words.trim(), label: words.trim() }); // the service says what is near
        close();
      }
    } else if (count > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setAt(
        (at + (event.key === 'ArrowDown' ? 1 : count - 1) + (at < 0 && event.key === 'ArrowUp' ? 1 : 0)) %
          count
      );
    }
  };
  return (
    <div className="nb2pipe-Lineage-search">
      <input
        type="search"
        className="jp-mod-styled nb2pipe-Search"
        role="combobox"
        aria-expanded={found !== null}
        aria-controls={LIST}
        aria-activedescendant={at >= 0 ? `${LIST}-${at}` : undefined}
        aria-label={trans.__('Find a file, metric, value, model or run')}
        placeholder={trans.__('Find a file, metric, model or run')}
        value={words}
        onChange={event => {
          setAt(-1);
          setWords(event.target.value);
        }}
        onKeyDown={onKey}
      />
      {found && (
        <ul id={LIST} className="nb2pipe-Lineage-found" role="listbox" aria-label={trans.__('Found')}>
          {found.map((start, index) => (
            <li
              key={`${start.kind} ${start.name}`}
              id={`${LIST}-${index}`}
              role="option"
              aria-selected={index === at}
              onMouseDown={event => {
                event.preventDefault(); // the box keeps the keyboard
                take(start);
              }}
            >
              <StartLine start={start} />
            </li>
          ))}
          {found.length === 0 && (
            <li className="nb2pipe-Lineage-none">
              {trans.__('Nothing among the latest runs is named so. Enter asks for exactly this name.')}
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

/** What the service finds, once one pauses; null while there is nothing to look for. */
function useFound(
  words: string
): [readonly LineageStart[] | null, (found: readonly LineageStart[] | null) => void] {
  const { model } = useLineage();
  const [found, setFound] = useState<readonly LineageStart[] | null>(null);
  const asked = useRef(0);
  useEffect(() => {
    const mine = ++asked.current;
    if (words.trim() === '') {
      setFound(null);
      return;
    }
    const look = (): Promise<void> =>
      model.suggest(words).then(
        answer => {
          if (mine === asked.current) {
            setFound(answer);
          }
        },
        () => undefined // Enter asks, and shows what is wrong
      );
    const timer = setTimeout(() => void look(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words, model]);
  return [found, setFound];
}
