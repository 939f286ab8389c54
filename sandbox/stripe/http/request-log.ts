import type { FormTree } from './form.ts';

/** One API request, for tests that count calls. */
export type LoggedRequest = {
  id: string;
  method: string;
  path: string;
  params: FormTree;
  idempotencyKey: string | null;
  /** Milliseconds, by the clock given. */
  at: number;
  /** Null while under way, and for ever when no answer was given. */
  status: number | null;
};

/** Enough for any test; a benchmark must not fill the memory. */
const kept = 10_000;

/** Called with a request; what it returns is awaited, so that a test can stage a race. */
export type RequestHook = (request: LoggedRequest) => unknown;

export type RequestLog = {
  entries: LoggedRequest[];
  add(entry: LoggedRequest): void;
  /** Before the answer is worked out. */
  onRequest(hook: RequestHook): () => void;
  /** When the answer is worked out and not sent yet: what changes now makes it stale. */
  onAnswer(hook: RequestHook): () => void;
  beforeAnswer(request: LoggedRequest): Promise<void>;
  afterAnswer(request: LoggedRequest): Promise<void>;
};

export function createRequestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  const before = new Set<RequestHook>();
  const after = new Set<RequestHook>();
  return {
    entries,
    add(entry) {
      entries.push(entry);
      if (entries.length > kept) entries.shift();
    },
    onRequest: (hook) => listen(before, hook),
    onAnswer: (hook) => listen(after, hook),
    beforeAnswer: (request) => callAll(before, request),
    afterAnswer: (request) => callAll(after, request),
  };
}

function listen(hooks: Set<RequestHook>, hook: RequestHook): () => void {
  hooks.add(hook);
  return () => hooks.delete(hook);
}

async function callAll(hooks: Set<RequestHook>, request: LoggedRequest): Promise<void> {
  for (const hook of hooks) await hook(request);
}
