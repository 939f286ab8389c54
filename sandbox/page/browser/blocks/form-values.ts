import { useState } from 'preact/hooks';
import type { ActValue } from '../../../slack/client-contract.ts';

/** Block id, then action id, then what the person chose or typed: the shape of Slack's `state.values`. */
export type FormValues = Record<string, Record<string, ActValue>>;

/** What was typed into each view, message or home, kept while the page is open: a refresh loses no input. */
const kept = new Map<string, FormValues>();

/** For a submission, which must carry the last keystroke, drawn or not. */
export function readFormValues(key: string): FormValues {
  return kept.get(key) ?? {};
}

/** The values kept under a key, and the way to change one. */
export function useFormValues(key: string): {
  values: FormValues;
  change: (blockId: string, actionId: string, value: ActValue) => void;
} {
  const [, redraw] = useState(0);
  const change = (blockId: string, actionId: string, value: ActValue) => {
    const values = kept.get(key) ?? {};
    kept.set(key, { ...values, [blockId]: { ...values[blockId], [actionId]: value } });
    redraw((count) => count + 1);
  };
  return { values: readFormValues(key), change };
}
