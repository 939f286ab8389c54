import type { EventFacts } from '#db/detector-events.ts';
import { clamp, counted } from '#src/core/text.ts';

/** `evt_… (invoice.paid) failed 2 times: …` */
export function failureLine({ id, type, attempts, dead_count, error }: EventFacts): string {
  const gaveUp = dead_count > 0 ? `, and was given up ${counted(dead_count, 'time')}` : '';
  return `${id} (${type}) failed ${counted(attempts, 'time')}${gaveUp}: ${clamp(error ?? 'nobody said why', 160)}`;
}
