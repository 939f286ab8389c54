import type { Activity } from '../activity.ts';
import { readableBody } from '../readable-body.ts';
import type { WireLog } from '../wire.ts';
import type { Answer, Delivery, Outgoing } from './delivery.ts';
import type { HttpPoster } from './post.ts';
import { signatureHeaders } from './sign.ts';
import type { SocketHub } from './socket-hub.ts';

/** A request made by hand: to forge, to age, to break. */
export type RawRequest = {
  body: string;
  contentType?: string;
  /** Seconds; now when absent. */
  timestamp?: number;
  /** The app's own signing secret when absent. */
  secret?: string;
  headers?: Record<string, string>;
};

export type Courier = {
  /** Sends over the socket once Lucy uses Socket Mode, else over HTTP, and waits for the ack. */
  deliver(outgoing: Outgoing): Promise<Delivery>;
  deliveries: readonly Delivery[];
  /** Sends the very same bytes and headers again, over HTTP. */
  replay(id: string): Promise<Answer>;
  sendSigned(request: RawRequest): Promise<Delivery>;
};

type Parts = {
  signingSecret: string;
  eventsUrl: () => string;
  ackTimeoutMs: number;
  now: () => number;
  /** Lucy checks a signature's age by the real clock, whatever the sandbox's clock says. */
  signingClock: () => number;
  hub: SocketHub;
  poster: HttpPoster;
  wire: WireLog;
  activity: Activity;
};

/** Deliveries kept for reading and replaying. */
const maxDeliveries = 5000;

export function createCourier(parts: Parts): Courier {
  const deliveries: Delivery[] = [];
  let count = 0;

  function remember(delivery: Omit<Delivery, 'id' | 'at' | 'response'>): Delivery {
    count += 1;
    const kept: Delivery = { id: `delivery-${count}`, at: parts.now(), response: null, ...delivery };
    deliveries.push(kept);
    if (deliveries.length > maxDeliveries) deliveries.shift();
    return kept;
  }

  async function run(delivery: Delivery, label: string, send: () => Promise<Answer>): Promise<Answer> {
    const end = parts.activity.begin();
    const answer = await send();
    end();
    parts.wire.record({
      at: delivery.at,
      from: 'slack',
      to: 'lucy',
      label,
      status: answer.status,
      durationMs: answer.durationMs,
      request: readableBody(delivery.rawBody, delivery.headers['Content-Type'] ?? 'application/json'),
      response: answer.problem ?? readableBody(answer.body, answer.headers['content-type'] ?? ''),
    });
    return answer;
  }

  const post = (delivery: Delivery) => () =>
    parts.poster.post(delivery.url, delivery.headers, delivery.rawBody, parts.ackTimeoutMs);

  return {
    deliveries,
    async deliver(outgoing) {
      const isSocket = parts.hub.isOn();
      const delivery = remember({
        kind: outgoing.kind,
        transport: isSocket ? 'socket' : 'http',
        url: parts.eventsUrl(),
        headers: httpHeaders(outgoing, parts),
        rawBody: outgoing.rawBody,
      });
      const overSocket = () => parts.hub.send(outgoing, parts.ackTimeoutMs);
      delivery.response = await run(delivery, outgoing.label, isSocket ? overSocket : post(delivery));
      return delivery;
    },
    async replay(id) {
      const original = deliveries.find((delivery) => delivery.id === id);
      if (!original) throw new Error(`There is no delivery ${id}.`);
      return run(original, `replay of ${id}`, post(original));
    },
    async sendSigned(raw) {
      const timestamp = raw.timestamp ?? Math.floor(parts.signingClock() / 1000);
      const headers = {
        ...plainHeaders(raw.contentType ?? 'application/x-www-form-urlencoded'),
        ...signatureHeaders(raw.secret ?? parts.signingSecret, timestamp, raw.body),
        ...raw.headers,
      };
      const delivery = remember({
        kind: 'raw',
        transport: 'http',
        url: parts.eventsUrl(),
        headers,
        rawBody: raw.body,
      });
      delivery.response = await run(delivery, 'a request made by hand', post(delivery));
      return delivery;
    },
  };
}

function httpHeaders(outgoing: Outgoing, parts: Parts): Record<string, string> {
  const retry = outgoing.retry && {
    'X-Slack-Retry-Num': String(outgoing.retry.number),
    'X-Slack-Retry-Reason': outgoing.retry.reason,
  };
  const timestamp = Math.floor(parts.signingClock() / 1000);
  return {
    ...plainHeaders(outgoing.contentType),
    ...signatureHeaders(parts.signingSecret, timestamp, outgoing.rawBody),
    ...retry,
  };
}

function plainHeaders(contentType: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    Accept: 'application/json,*/*',
  };
}
