import { writeInstallation } from '#db/installation.ts';
import { SECOND_MS, systemClock } from '#src/core/clock.ts';
import { degraded, ok, type Probe } from '../probe.ts';

const SLOW_MS = SECOND_MS;

/** A real write. While it fails nothing can be stored, not even an alert: `/health` answers 503 and an outside monitor sees it. */
export const database: Probe = {
  id: 'database',
  title: 'Database',
  effect: 'Everything is slow, and webhooks may be turned away.',
  firstStep: 'Look at the load of the database and at its disk.',
  async look({ sql, now }) {
    const began = systemClock.now();
    await writeInstallation(sql, 'health_probe', String(now), now);
    const tookMs = systemClock.now() - began;
    return tookMs > SLOW_MS ? degraded(`A write takes ${tookMs} ms.`) : ok(`A write takes ${tookMs} ms.`);
  },
};
