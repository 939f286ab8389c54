/**
 * What goes wrong with the Web API and response URLs:
 * - `rate_limited`: 429 with Retry-After, nothing done
 * - `http_500`: nothing done
 * - `apply_then_500`: done, but the answer is a 500 (this is how one call becomes two posts)
 * - `timeout`: the connection breaks without an answer, nothing done
 * - `hang`: no answer until `clear()`, nothing done
 * - `error`: `{ ok: false, error }`, nothing done
 */
export type Fault = {
  /** Only this method, e.g. 'chat.postMessage'; 'response_url' for response URLs; every method when absent. */
  method?: string;
  /** How often; until `clear()` when absent. */
  times?: number;
  kind: 'rate_limited' | 'http_500' | 'timeout' | 'hang' | 'apply_then_500' | 'error';
  retryAfterSeconds?: number;
  error?: string;
};

export type Faults = {
  add(fault: Fault): void;
  /**
   * Slack away, its sockets included. `cut`: connections are accepted and broken, so that a caller cannot know how far
   * its request came. `refused`: nothing listens (the client API on this port is gone too), so that it can.
   * Resolves when it is so.
   */
  down(isDown: boolean, how?: 'cut' | 'refused'): Promise<void>;
  /** Ends every fault, `down` included. */
  clear(): Promise<void>;
};

/** What the server does for `down`. */
export type Plug = {
  cutSockets(): void;
  stopListening(): void;
  listenAgain(): Promise<void>;
};

export type FaultPlan = Faults & {
  isDown(): boolean;
  /** The fault that meets this call, if any. One use is counted. */
  take(method: string): Fault | undefined;
  /** Resolves at `clear()`, for calls that hang. */
  cleared(): Promise<void>;
};

export function createFaults(plug: Plug): FaultPlan {
  let planned: { fault: Fault; left: number }[] = [];
  let isDown = false;
  let isRefusing = false;
  let gate = Promise.withResolvers<void>();

  async function down(value: boolean, how: 'cut' | 'refused' = 'cut'): Promise<void> {
    isDown = value;
    if (value) plug.cutSockets();
    const wasRefusing = isRefusing;
    isRefusing = value && how === 'refused';
    if (isRefusing && !wasRefusing) plug.stopListening();
    if (!isRefusing && wasRefusing) await plug.listenAgain();
  }

  return {
    add: (fault) => planned.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    down,
    clear() {
      planned = [];
      gate.resolve();
      gate = Promise.withResolvers<void>();
      return down(false);
    },
    isDown: () => isDown,
    take(method) {
      const found = planned.find(({ fault, left }) => left > 0 && (fault.method ?? method) === method);
      if (found) found.left -= 1;
      return found?.fault;
    },
    cleared: () => gate.promise,
  };
}
