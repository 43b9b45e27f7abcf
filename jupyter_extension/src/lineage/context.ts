/** What all parts of the lineage view share. */

import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { Place } from '../run/opening';
import type { LineageModel } from './model';

export interface LineageTools {
  model: LineageModel;
  trans: TranslationBundle;
  showRun: (id: string) => void;
  openCell: (place: Place) => void;
}

const LineageContext = createContext<LineageTools | null>(null);
export const LineageProvider = LineageContext.Provider;

export function useLineage(): LineageTools {
  const tools = useContext(LineageContext);
  if (!tools) {
    throw new Error('a part of a lineage view stands outside of it');
  }
  return tools;
}
