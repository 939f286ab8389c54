import { statfs } from 'node:fs/promises';
import { degraded, down, ok, type Probe } from '../probe.ts';

/** So little left is minutes from not being able to store an event. */
const DOWN_PERCENT = 2;

export const disk: Probe = {
  id: 'disk',
  title: 'Disk',
  effect: 'When it is full, no event can be stored and Stripe’s webhooks are turned away.',
  firstStep: 'Make room or enlarge the disk; old backups go first.',
  async look({ settings, folder }) {
    const { bavail, blocks, bsize } = await statfs(folder);
    const percent = Math.floor((bavail / blocks) * 100);
    const detail = `${percent} % free (${(Number(bavail * bsize) / 1e9).toFixed(1)} GB).`;
    if (percent < DOWN_PERCENT) return down(detail);
    return percent < settings.health.disk_free_percent ? degraded(detail) : ok(detail);
  },
};
