import { elementsOfBlock } from '../block-kit/elements-of-block.ts';
import { recordWithTextDefaults } from '../block-kit/fill-defaults.ts';
import type { ActValue, ActWhere } from '../client-contract.ts';
import type { SlackContext } from '../context.ts';
import { type Json, textAt } from '../json.ts';
import { blockActions } from '../payloads/block-actions.ts';
import { blocksOf, type SurfaceAt } from '../payloads/surface.ts';
import { holdsValue } from '../world/form-values.ts';
import type { Person } from '../world/person.ts';
import type { FormValues } from '../world/view.ts';
import { type Ack, ackOf, nothingSent, plainFailure } from './ack.ts';
import { findSurface, NotThere, valuesOf } from './find-surface.ts';

/** Someone uses an element: presses a button, chooses from a menu. */
export async function click(
  context: SlackContext,
  person: Person,
  where: ActWhere,
  blockId: string,
  actionId: string,
  value: ActValue,
  state?: FormValues,
): Promise<Ack> {
  const at = findSurface(context, person, where);
  const { element, block } = findElement(at, blockId, actionId);
  const values = valuesOf(context, person, at);
  for (const [id, fields] of Object.entries(state ?? {})) values[id] = { ...values[id], ...fields };
  if (holdsValue(element))
    values[blockId] = { ...values[blockId], [actionId]: recordWithTextDefaults(value) };
  // An input tells Lucy of a change only when its block dispatches (slack-facts section 5).
  if (block.type === 'input' && block.dispatch_action !== true) return nothingSent(null);
  const action = actionField(element, blockId, value);
  const delivery = await context.courier.deliver(blockActions(context, person, at, action, values));
  return ackOf(delivery, plainFailure(delivery.response));
}

export function findElement(
  at: SurfaceAt,
  blockId: string,
  actionId: string,
): { element: Json; block: Json } {
  for (const block of blocksOf(at)) {
    if (block.block_id !== blockId) continue;
    const placed = elementsOfBlock(block).find(({ element }) => element.action_id === actionId);
    if (placed) return { element: placed.element, block };
  }
  throw new NotThere('This button or field is no longer there.');
}

/** Fields of the element that Slack repeats in `actions[0]`, besides what was chosen. */
const repeated = ['text', 'value', 'style', 'confirm', 'placeholder', 'initial_option', 'initial_options'];

function actionField(element: Json, blockId: string, value: ActValue): Json {
  const type = textAt(element, 'type');
  const kept = Object.entries(element).filter(
    ([key]) => repeated.includes(key) || key.startsWith('initial_'),
  );
  const own = type === 'button' ? {} : recordWithTextDefaults(value);
  return {
    ...Object.fromEntries(kept),
    ...own,
    type,
    action_id: textAt(element, 'action_id'),
    block_id: blockId,
  };
}
