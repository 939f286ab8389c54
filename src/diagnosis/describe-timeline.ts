import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Cell } from '#src/replies/csv.ts';
import type { Reply, Value } from '#src/replies/reply.ts';
import type { SidedMoment } from './customer-timeline.ts';

/** Both sides in one table, newest last; `older` is the line that shows what came before. */
export function describeCustomerTimeline(
  email: string,
  moments: readonly SidedMoment[],
  { isCut, older }: { isCut: boolean; older: string | null },
): Reply {
  const count = counted(moments.length, 'thing');
  return {
    tone: 'info',
    title:
      moments.length > 0
        ? `${isCut ? count : `All ${count}`} that happened to ${email}, newest last.`
        : `Nothing happened to ${email} in that time.`,
    sections: [{ heading: 'Timeline', table: { columns, rows: moments.map(rowOf) } }],
    ...(older ? { hint: `There is more before that: ${older}` } : {}),
    buttons: [
      ...(older ? [{ kind: 'command' as const, label: 'Older', line: older }] : []),
      { kind: 'command', label: 'All as CSV', line: `customer timeline ${email} --csv` },
      { kind: 'command', label: 'Show customer', line: `customer show ${email}` },
    ],
    json: {
      email,
      hasMore: older !== null,
      timeline: moments.map((moment) => ({ ...moment, at: isoTime(moment.at) })),
    },
  };
}

const columns = ['When', 'At Stripe', 'With us', 'Id'];

function rowOf({ at, side, sentence, id }: SidedMoment): Value[] {
  return [{ at }, side === 'stripe' ? sentence : '', side === 'lucy' ? sentence : '', { code: id }];
}

export const timelineColumns: readonly string[] = ['at', 'side', 'kind', 'what', 'id', 'correlation_id'];

export function timelineCells({ at, side, kind, sentence, id, correlationId }: SidedMoment): Cell[] {
  return [isoTime(at), side, kind, sentence, id, correlationId];
}
