import type { Probe } from '../probe.ts';

/** Only a doorbell (docs/decisions/0019): without it workers find their work by looking, so nobody is woken for it. */
export const redis: Probe = {
  id: 'redis',
  title: 'Redis',
  effect: 'Work begins some seconds later, at the next look for it; nothing is lost.',
  firstStep:
    'Look whether Redis runs, and whether REDIS_URL still names it. It can wait until somebody is at work.',
  isQuiet: true,
  look: async ({ parts }) => parts.redis?.() ?? null,
};
