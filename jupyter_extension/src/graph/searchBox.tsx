/** Finds steps: each Enter shows the next one. */

import { useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, type ReactElement, useState } from 'react';

import { useGraph } from './context';
import { centreOf } from './extent';
import { search } from './flow';
import { READABLE } from './viewport';

interface SearchProps {
  words: string;
  onWords: (words: string) => void;
}

export function SearchBox({ words, onWords }: SearchProps): ReactElement {
  const { model, trans } = useGraph();
  const flow = useReactFlow();
  const [shown, setShown] = useState(-1);
  const found = search(model, words);
  const show = (index: number): void => {
    const node = found[index];
    setShown(index);
    if (node) {
      const { x, y } = centreOf(model.layout, node);
      const least = model.layout.isColumn ? READABLE : 1;
      void flow.setCenter(x, y, { zoom: Math.max(least, flow.getZoom()) });
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && found.length > 0) {
      show((shown + (event.shiftKey ? found.length - 1 : 1)) % found.length);
    } else if (event.key === 'Escape') {
      onWords('');
    }
  };
  return (
    <>
      <input
        type="search"
        className="jp-mod-styled nb2pipe-Search"
        value={words}
        placeholder={trans.__('Find a step')}
        aria-label={trans.__('Find a step by its name, variables or parameters; Enter shows the next')}
        onKeyDown={onKey}
        onChange={event => {
          setShown(-1);
          onWords(event.target.value);
        }}
      />
      <span className="nb2pipe-Search-count" role="status">
        {words.trim() === '' ? '' : countText(shown, found.length)}
      </span>
    </>
  );
}

function countText(shown: number, count: number): string {
  return shown < 0 ? String(count) : `${shown + 1}/${count}`;
}
