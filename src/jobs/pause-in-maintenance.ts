import type { MaintenanceWatch } from '#src/maintenance/watch.ts';
import type { Job } from './worker.ts';

/** What goes on while nothing may be changed: the restore itself, its card, and looking around. */
const goesOn: readonly string[] = [
  'restores',
  'outbox',
  'rejects',
  'product-reads',
  'stripe-reach',
  'slack-groups',
];

/** Jobs that rest while Lucy is in maintenance: what they would write now would be lost, or stand in the way. */
export function pauseInMaintenance(jobs: readonly Job[], maintenance: MaintenanceWatch): Job[] {
  return jobs.map((job) =>
    goesOn.includes(job.name)
      ? job
      : {
          ...job,
          async run(mayStay = () => false) {
            if (await maintenance.read()) return 0;
            return job.run(async () => (await mayStay()) && !(await maintenance.read()));
          },
        },
  );
}
