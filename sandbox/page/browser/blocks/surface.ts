import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ActValue, ActWhere } from '../../../slack/client-contract.ts';
import type { Json } from '../read-json.ts';
import type { FormValues } from './form-values.ts';

/** What carries blocks (a message, a modal, Lucy's home) and hears what is done with their elements. */
export type Surface = {
  where: ActWhere;
  values: FormValues;
  /** Sentences to show below fields, by block id. */
  errors: Record<string, string>;
  change: (blockId: string, actionId: string, value: ActValue) => void;
  /** Tells Lucy; resolves when she has acknowledged it. */
  click: (blockId: string, actionId: string, value: ActValue) => Promise<void>;
  /** Options or option groups for what was typed into an external select. */
  suggest: (blockId: string, actionId: string, query: string) => Promise<Json>;
};

export const SurfaceContext = createContext<Surface | null>(null);

/** The message or view around an element. */
export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (surface === null) throw new Error('A block is drawn outside any message or view.');
  return surface;
}
