import type { WireEntry } from '#sandbox/slack/client-contract.ts';

/** Enough to look back on; older entries are forgotten. */
const kept = 500;

/** Longer bodies say nothing more to a person. */
const longestBody = 4_000;

/** What crossed the wire between Lucy and this server, with secrets blotted out. */
export type Wire = {
  entries(): readonly WireEntry[];
  /** Called with every new entry; answers with the way to stop. */
  onWire(listener: (entry: WireEntry) => void): () => void;
  /** Called whenever anything here changed: an entry, an event, a delivery. */
  onChange(listener: () => void): () => void;
};

export type WireRecorder = Wire & { record(entry: WireEntry): void; changed(): void };

export function createWire(): WireRecorder {
  const entries: WireEntry[] = [];
  const entryListeners = new Set<(entry: WireEntry) => void>();
  const changeListeners = new Set<() => void>();
  const changed = () => {
    for (const listener of changeListeners) listener();
  };
  return {
    entries: () => entries,
    onWire: (listener) => subscribe(entryListeners, listener),
    onChange: (listener) => subscribe(changeListeners, listener),
    record(entry) {
      const safe = { ...entry, request: shown(entry.request), response: shown(entry.response) };
      entries.push(safe);
      if (entries.length > kept) entries.shift();
      for (const listener of entryListeners) listener(safe);
      changed();
    },
    changed,
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function shown(body: string): string {
  const text = body.length > longestBody ? `${body.slice(0, longestBody)}\n…` : body;
  return text
    .replace(/\b(?:sk|rk)_(?:test|live)_\w+/g, 'sk_…')
    .replace(/\bwhsec_\w+/g, 'whsec_…')
    .replace(/("client_secret": ?")[^"]+/g, '$1…')
    .replace(/(\bv1=)[0-9a-f]{64}/g, '$1…');
}
