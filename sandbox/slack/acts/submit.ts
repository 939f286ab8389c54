import type { SlackContext } from '../context.ts';
import { viewSubmission } from '../payloads/view-submission.ts';
import { applyViewAck } from '../responses/apply-view-ack.ts';
import type { Person } from '../world/person.ts';
import type { FormValues, ShownView } from '../world/view.ts';
import { type Ack, ackOf, nothingSent } from './ack.ts';
import { inputErrors } from './input-errors.ts';

/** Someone presses Submit. The client looks at the inputs first, as Slack's does; Lucy's answer comes after. */
export async function submit(
  context: SlackContext,
  person: Person,
  shown: ShownView,
  state: FormValues,
): Promise<Ack> {
  for (const [blockId, fields] of Object.entries(state)) {
    shown.values[blockId] = { ...shown.values[blockId], ...fields };
  }
  shown.errors = inputErrors(shown);
  if (Object.keys(shown.errors).length > 0) {
    context.world.changed();
    return nothingSent('incomplete');
  }
  shown.isPending = true;
  context.world.changed();
  const delivery = await context.courier.deliver(viewSubmission(context, person, shown));
  shown.isPending = false;
  const failure = applyViewAck(context, shown, delivery.response);
  context.world.changed();
  return ackOf(delivery, failure);
}
