import type { Probe } from './probe.ts';
import { backup } from './probes/backup.ts';
import { clockSkew } from './probes/clock.ts';
import { database } from './probes/database.ts';
import { disk } from './probes/disk.ts';
import { drill } from './probes/drill.ts';
import { host } from './probes/host.ts';
import { mail } from './probes/mail.ts';
import { messages } from './probes/messages.ts';
import { product } from './probes/product.ts';
import { queue } from './probes/queue.ts';
import { redis } from './probes/redis.ts';
import { slackPosts } from './probes/slack.ts';
import { stripeApi } from './probes/stripe.ts';
import { webhooks } from './probes/webhooks.ts';

/** Everything that Lucy looks at by herself, in the order in which `status` shows it. */
export const probes: readonly Probe[] = [
  product,
  host,
  database,
  queue,
  messages,
  webhooks,
  stripeApi,
  clockSkew,
  disk,
  backup,
  slackPosts,
  mail,
  redis,
];

export function probeOf(id: string): Probe | undefined {
  return [...probes, drill].find((probe) => probe.id === id);
}
