import type { ErrorBody } from './stripe-refusal.ts';

/**
 * rate_limited        429, nothing happened.
 * http_500            500, nothing happened and nothing is kept under the idempotency key.
 * saved_500           500, nothing happened, and the key replays that 500 from now on.
 * error               any answer you like: `status` and `error`.
 * timeout             nothing happened; the connection is cut after `delayMs`, without an answer.
 * hang                nothing happened; no answer ever comes, until the client gives up.
 * refuse              the connection is cut at once.
 * apply_then_timeout  it HAPPENED and is kept under the key; the connection is cut without an answer.
 * apply_late          the connection is cut at once; it HAPPENS `delayMs` later, and until then the key is in use.
 */
export type FaultKind =
  | 'apply_late'
  | 'apply_then_timeout'
  | 'error'
  | 'hang'
  | 'http_500'
  | 'rate_limited'
  | 'refuse'
  | 'saved_500'
  | 'timeout';

export type Fault = {
  kind: FaultKind;
  /** A text that the path contains, or a pattern; every path unless told. */
  path?: string | RegExp;
  method?: string;
  /** How many requests it strikes; 1 unless told. */
  times?: number;
  delayMs?: number;
  /** For `error`. */
  status?: number;
  error?: ErrorBody;
};

export type Faults = {
  add(fault: Fault): void;
  /** While down, every connection is cut. */
  down(isDown: boolean): void;
  /** Every answer takes this much longer. */
  latency(ms: number): void;
  clear(): void;
};

export type FaultState = Faults & {
  /** The fault that strikes this request, which uses it up once. */
  take(method: string, path: string): Fault | null;
  isDown(): boolean;
  latencyMs(): number;
};

/** What goes wrong, as a test or the page asks for it. `onDown` cuts the connections that are open. */
export function createFaults(onDown: () => void): FaultState {
  let queue: { fault: Fault; left: number }[] = [];
  let isDown = false;
  let latencyMs = 0;
  return {
    add(fault) {
      queue.push({ fault, left: fault.times ?? 1 });
    },
    down(wanted) {
      isDown = wanted;
      if (wanted) onDown();
    },
    latency(ms) {
      latencyMs = ms;
    },
    clear() {
      queue = [];
      isDown = false;
      latencyMs = 0;
    },
    take(method, path) {
      const struck = queue.find(({ fault }) => strikes(fault, method, path));
      if (!struck) return null;
      struck.left -= 1;
      if (struck.left <= 0) queue = queue.filter((other) => other !== struck);
      return struck.fault;
    },
    isDown: () => isDown,
    latencyMs: () => latencyMs,
  };
}

function strikes(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false;
  if (fault.path === undefined) return true;
  return typeof fault.path === 'string' ? path.includes(fault.path) : fault.path.test(path);
}
