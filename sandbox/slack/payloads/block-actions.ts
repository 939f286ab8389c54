import type { SlackContext } from '../context.ts';
import { type Json, textAt } from '../json.ts';
import type { Outgoing } from '../to-lucy/delivery.ts';
import { stateValues } from '../world/form-values.ts';
import type { Person } from '../world/person.ts';
import { makeResponseUrl } from '../world/response-urls.ts';
import { makeTrigger } from '../world/triggers.ts';
import type { FormValues } from '../world/view.ts';
import { interactiveFields } from './common.ts';
import { interaction } from './interaction.ts';
import { responseUrl } from './response-url.ts';
import { blocksOf, type SurfaceAt, surfaceFields } from './surface.ts';

/** One use of an element. `action` is complete but for its time. */
export function blockActions(
  context: SlackContext,
  person: Person,
  at: SurfaceAt,
  action: Json,
  values: FormValues,
): Outgoing {
  const { world } = context;
  const modalId = at.on === 'view' && at.shown.view.type === 'modal' ? at.shown.view.id : null;
  const payload: Json = {
    type: 'block_actions',
    ...interactiveFields(person),
    trigger_id: makeTrigger(world, person.id, modalId),
    ...surfaceFields(at),
    actions: [{ ...action, action_ts: world.sequence.ts() }],
  };
  if (at.on === 'message') {
    const original = { channel: at.channel.id, ts: at.message.ts };
    const tail = makeResponseUrl(world, { user: person.id, channel: at.channel.id, original });
    payload.state = { values: stateValues(blocksOf(at), values) };
    payload.response_url = responseUrl(context, 'actions', tail);
  }
  return interaction('block_actions', textAt(action, 'action_id'), payload);
}
