/** What all parts of one picture share. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { GraphModel, Place } from './graphModel';

export interface GraphTools {
  model: GraphModel;
  trans: TranslationBundle;
  /** Show a cell of the notebook, and make it the active one. */
  go: (place: Place) => void;
}

const GraphContext = createContext<GraphTools | null>(null);
export const GraphProvider = GraphContext.Provider;

export function useGraph(): GraphTools {
  const tools = useContext(GraphContext);
  if (!tools) {
    throw new Error('a part of a graph stands outside of it');
  }
  return tools;
}
