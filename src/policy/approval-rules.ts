import type { Settings } from '#src/core/settings.ts';
import { spanMs } from '#src/core/settings-words.ts';

/** How long an approval stays open where its command's rule does not say. */
export function expiresMs(settings: Settings): number {
  return spanMs(settings.approvals.expires);
}

/** Until the first reminder. */
export function remindAfterMs(settings: Settings): number {
  return spanMs(settings.approvals.remind_after);
}

/** No click counts sooner than this after what it answers was asked. */
export function dwellMs(settings: Settings): number {
  return spanMs(settings.approvals.dwell);
}
