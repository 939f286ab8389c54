import type { SlackContext } from '../context.ts';
import { viewClosed } from '../payloads/view-submission.ts';
import type { Person } from '../world/person.ts';
import type { ShownView } from '../world/view.ts';
import { removeView, setStack } from '../world/views.ts';
import { type Ack, ackOf, nothingSent, plainFailure } from './ack.ts';

/** Someone closes a view: the one below shows, or with `clear_on_close` all go. Told only if it asked to be. */
export async function closeModal(context: SlackContext, person: Person, shown: ShownView): Promise<Ack> {
  const stack = context.world.modals.get(person.id) ?? [];
  const clearsAll = shown.view.clear_on_close;
  if (clearsAll) setStack(context.world, person.id, []);
  else removeView(context.world, shown);
  const closed = clearsAll ? [...stack].reverse() : [shown];
  const told = closed.filter((one) => one.view.notify_on_close);
  const deliveries = await Promise.all(
    told.map((one) => context.courier.deliver(viewClosed(person, one, clearsAll))),
  );
  const [first] = deliveries;
  return first ? ackOf(first, plainFailure(first.response)) : nothingSent(null);
}
