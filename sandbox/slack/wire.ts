import type { WireEntry } from './client-contract.ts';
import { redact } from './redact.ts';

/** Enough to look back on a session; older entries fall out. */
const maxEntries = 500;
/** A body is cut here: the page shows it, nobody parses it. */
const maxBodyCharacters = 20_000;

export type Wire = {
  entries(): readonly WireEntry[];
  onChange(listener: () => void): () => void;
};

export type WireLog = Wire & {
  record(entry: WireEntry): void;
  onEntry(listener: (entry: WireEntry) => void): () => void;
};

/** Remembers what crossed between Slack and Lucy. Secrets are redacted before anything is kept. */
export function createWire(): WireLog {
  const entries: WireEntry[] = [];
  const listeners = new Set<(entry: WireEntry) => void>();
  const listen = (listener: (entry: WireEntry) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    entries: () => entries,
    onChange: (listener) => listen(() => listener()),
    onEntry: listen,
    record(entry) {
      const clean = {
        ...entry,
        label: redact(entry.label),
        request: tidy(entry.request),
        response: tidy(entry.response),
      };
      entries.push(clean);
      if (entries.length > maxEntries) entries.shift();
      for (const listener of listeners) listener(clean);
    },
  };
}

function tidy(body: string): string {
  const clean = redact(body);
  return clean.length > maxBodyCharacters ? `${clean.slice(0, maxBodyCharacters)}…` : clean;
}
