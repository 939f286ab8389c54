import { z } from 'zod';
import { listReviewedGlasses, listUnreviewedGlasses } from '#db/break-glass.ts';
import {
  describeGlass,
  glassJson,
  type ListedGlass,
  listedGlass,
  reviewedSection,
} from '#src/break-glass/describe.ts';
import { reviewButton } from '#src/break-glass/review.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const UNREVIEWED_MAX = 50;
const REVIEWED_MAX = 10;
const BUTTONS_MAX = 6;

/** Who goes without a second person now, and what of it nobody has signed yet. */
export const breakGlassList = defineLookup({
  name: 'break-glass list',
  summary: 'List every break-glass that is open or waits for its review, and the last ones reviewed',
  examples: ['break-glass list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, cause: { now } }) {
    const rows = await listUnreviewedGlasses(sql, UNREVIEWED_MAX);
    const unreviewed = await Promise.all(rows.map((row) => listedGlass(sql, row, now)));
    const open = unreviewed.filter(({ state }) => state === 'open');
    const waiting = unreviewed.filter(({ state }) => state === 'waiting');
    const signed = await Promise.all(
      (await listReviewedGlasses(sql, REVIEWED_MAX)).map((row) => listedGlass(sql, row, now)),
    );
    return {
      tone: unreviewed.length > 0 ? 'warning' : 'info',
      title: titleOf(open.length, waiting.length),
      sections: [
        ...[...open, ...waiting].map((listed) => describeGlass(listed, now)),
        reviewedSection(signed),
      ],
      buttons: [...open, ...waiting].slice(0, BUTTONS_MAX).map(buttonOf),
      json: {
        open: open.map(glassJson),
        waitingForReview: waiting.map(glassJson),
        reviewed: signed.map(glassJson),
      },
    };
  },
});

function titleOf(open: number, waiting: number): string {
  const inForce = `${open === 0 ? 'No' : open} break-glass is open`;
  if (waiting === 0) return `${inForce}, and none waits for its review.`;
  return `${inForce}, and ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for review.`;
}

function buttonOf({ glass, state }: ListedGlass): ReplyButton {
  if (state === 'waiting') return { ...reviewButton(glass.id), label: `Review ${glass.actor_name}’s` };
  return { kind: 'command', label: `End ${glass.actor_name}’s`, line: `break-glass end ${glass.id}` };
}
