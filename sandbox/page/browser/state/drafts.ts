import { useState } from 'preact/hooks';

/** Half-written texts, by person and place. They outlive a change of channel, person or snapshot. */
const drafts = new Map<string, string>();

/** The draft kept under a key, and the way to write it. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [, redraw] = useState(0);
  const write = (text: string) => {
    drafts.set(key, text);
    redraw((count) => count + 1);
  };
  return [drafts.get(key) ?? '', write];
}
