import type { WireSource } from '#sandbox/page/page-parts.ts';
import type { WireEntry } from '#sandbox/slack/client-contract.ts';

/** A wire whose traffic the test writes. */
export class FakeWire implements WireSource {
  #entries: WireEntry[] = [];
  #listeners = new Set<() => void>();

  entries(): readonly WireEntry[] {
    return this.#entries;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cross(entry: Partial<WireEntry> & Pick<WireEntry, 'from' | 'to' | 'label'>): void {
    const whole = { at: Date.now(), status: 200, durationMs: 12, request: '', response: '', ...entry };
    this.#entries.push(whole);
    for (const listener of this.#listeners) listener();
  }
}

const interaction = {
  type: 'block_actions',
  user: { id: 'U0SAM00001' },
  actions: [{ action_id: 'confirm', value: 'run-1' }],
};

/** Traffic as one grant of credits makes it. */
export function crossGrant(slack: FakeWire, stripe: FakeWire): void {
  const at = 1_795_253_650_000;
  slack.cross({
    at,
    from: 'slack',
    to: 'lucy',
    label: 'POST /slack/events · /lucy credits grant',
    durationMs: 41,
    request: 'command=%2Flucy&text=credits+grant+sofia%40firm.com+100&user_id=U0SAM00001',
    response: '',
  });
  slack.cross({
    at: at + 44,
    from: 'lucy',
    to: 'slack',
    label: 'POST response_url',
    durationMs: 6,
    request: '{"response_type":"ephemeral","text":"Grant 100 credits"}',
    response: '{"ok":true}',
  });
  slack.cross({
    at: at + 5200,
    from: 'slack',
    to: 'lucy',
    label: 'POST /slack/events · block_actions confirm',
    durationMs: 63,
    request: `payload=${encodeURIComponent(JSON.stringify(interaction))}`,
    response: '',
  });
  slack.cross({
    at: at + 5300,
    from: 'lucy',
    to: 'slack',
    label: 'chat.postMessage',
    durationMs: 9,
    status: 429,
    request: '{"channel":"C0ENTITLE1","text":"+100"}',
    response: '{"ok":false,"error":"ratelimited"}',
  });
  stripe.cross({
    at: at + 9000,
    from: 'stripe',
    to: 'lucy',
    label: 'POST /api/billing/webhook · invoice.paid',
    durationMs: 17,
    request: '{"id":"evt_9","type":"invoice.paid"}',
    response: '{"received":true}',
  });
  stripe.cross({
    at: at + 9040,
    from: 'lucy',
    to: 'stripe',
    label: 'GET /v1/subscriptions?customer=cus_Sofia0001',
    durationMs: 22,
    status: 503,
    request: '',
    response: '{"error":{"message":"down"}}',
  });
}
