import { z } from 'zod';
import { type EndedHold, requireHold, settleHold, voidHold } from '#src/credits/end-hold.ts';
import { recordEndOfHold } from '#src/credits/record-hold.ts';
import { holdAnswer, holdJson } from './answers.ts';
import { type ChangeContext, defineChange, defineRead } from './define-route.ts';
import { creditsOrNoneField, holdIdField, reasonField } from './fields.ts';

export const getHold = defineRead({
  scope: 'read',
  path: '/api/credits/holds/:id',
  summary: 'Look at a hold',
  id: holdIdField,
  input: z.strictObject({}),
  answer: holdAnswer,

  async read({ id }, { sql }) {
    const { hold, customerId } = await requireHold(sql, id);
    return holdJson(hold, customerId);
  },
});

/** A hold is settled once; settled again with the same amount it answers the same, with another it is refused. */
export const settleReserved = defineChange({
  method: 'POST',
  scope: 'consume',
  path: '/api/credits/holds/:id/settle',
  status: 200,
  summary: 'Spend what a call cost, and let the rest of its hold go',
  once: 'state',
  reason: 'Used in the product',
  id: holdIdField,
  input: z.strictObject({ amount: creditsOrNoneField, reason: reasonField.optional() }),
  answer: holdAnswer,

  async change({ id, input }, context) {
    const ended = await settleHold(context.sql, context.cause, id, input.amount);
    return answerOf(context, 'credits hold settle', ended);
  },
});

export const voidReserved = defineChange({
  method: 'POST',
  scope: 'consume',
  path: '/api/credits/holds/:id/void',
  status: 200,
  summary: 'Let a hold go unspent',
  once: 'state',
  reason: 'The call was not made',
  id: holdIdField,
  input: z.strictObject({ reason: reasonField.optional() }),
  answer: holdAnswer,

  async change({ id }, context) {
    const ended = await voidHold(context.sql, context.cause, id);
    return answerOf(context, 'credits hold void', ended);
  },
});

async function answerOf(
  { sql, cause }: ChangeContext,
  command: 'credits hold settle' | 'credits hold void',
  ended: EndedHold,
) {
  const logs = ended.isNew ? [await recordEndOfHold(sql, cause, command, ended)] : [];
  return { answer: holdJson(ended.hold, ended.customerId), logs };
}
