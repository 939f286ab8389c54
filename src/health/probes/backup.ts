import { findLastVerified } from '#db/backups.ts';
import { readInstallation } from '#db/installation.ts';
import { findLastHere } from '#src/backups/is-here.ts';
import { HOUR_MS, spanWords } from '#src/core/clock.ts';
import { down, ok, type Probe } from '../probe.ts';

export const backup: Probe = {
  id: 'backup',
  title: 'Backups',
  effect: 'Were the data damaged now, more than usual would be lost.',
  firstStep: 'See why: backup list. Mend the folder or the tools that it names, and make one: backup create.',
  async look({ sql, settings, now }) {
    const alertAfter = settings.backups.alert_after_hours * HOUR_MS;
    const last = await findLastHere(sql);
    const age = (since: number) => spanWords(Math.max(1_000, now - since));
    if (last?.reached_at != null) {
      const detail = `The newest verified backup is ${age(last.reached_at)} old.`;
      return now - last.reached_at > alertAfter ? down(detail) : ok(detail);
    }
    const lost = await findLastVerified(sql);
    if (lost) return down(`The files of all verified backups are gone, such as ${lost.file}.`);
    const first = Number((await readInstallation(sql, 'first_started_at')) ?? now);
    return now - first > alertAfter
      ? down(`There is no verified backup, ${age(first)} after the first start.`)
      : ok('The first backup is not due yet.');
  },
};
