import { API_KEY, type Fleet } from './fleet.ts';

/** A call that hangs is given up, and asked again with the same key. */
const PATIENCE_MS = 15_000;
/** Ends a test in which nobody answers any more; a slow machine does not come near it. */
const STUCK_MS = 120_000;

export type Spending = {
  /** The keys that were answered with 200. */
  spent: ReadonlySet<string>;
  /** How often each status came; 0 is no answer at all. */
  statuses: ReadonlyMap<number, number>;
  /** Resolves after the next spends that are answered. */
  more(count?: number): Promise<void>;
  /** The longest time without any answer since it was asked last, in ms. */
  longestStall(): number;
  end(): Promise<void>;
};

/** As many credits as the default policy lets one person give, so that spends do not run out; a terminal line. */
export const grantingTo = (email: string) => [
  ...['credits', 'grant', email, '10000'],
  ...['--reason', 'load', '--yes'],
];

/** The product, which spends one credit after the other, and sends what got no answer again with the same key. */
export function spending(fleet: Pick<Fleet, 'address'>, email: string, lanes = 4): Spending {
  let isOver = false;
  let lastAt = performance.now();
  let stall = 0;
  const spent = new Set<string>();
  const statuses = new Map<number, number>();
  const seen = () => {
    const now = performance.now();
    stall = Math.max(stall, now - lastAt);
    lastAt = now;
  };

  async function spendOne(key: string): Promise<void> {
    while (!spent.has(key)) {
      const status = await consume(fleet.address(), email, key);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) {
        spent.add(key);
        seen();
      } else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const running = Array.from({ length: lanes }, async (_none, lane) => {
    for (let count = 0; !isOver; count++) await spendOne(`lane-${lane}-${count}`);
  });
  return {
    spent,
    statuses,
    async more(count = 1) {
      const wanted = spent.size + count;
      const deadline = performance.now() + STUCK_MS;
      while (spent.size < wanted) {
        if (performance.now() > deadline) throw new Error(`Nobody answers: ${JSON.stringify([...statuses])}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    longestStall() {
      seen();
      const longest = stall;
      stall = 0;
      return Math.round(longest);
    },
    async end() {
      isOver = true;
      await Promise.all(running);
    },
  };
}

function consume(address: string, email: string, key: string): Promise<number> {
  return fetch(`${address}/api/credits/consume`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ email, amount: 1 }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );
}
