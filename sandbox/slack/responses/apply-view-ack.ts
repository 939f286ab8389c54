import { checkView } from '../block-kit/check-view.ts';
import type { SlackContext } from '../context.ts';
import { isRecord, type Json, parseJson } from '../json.ts';
import type { Answer } from '../to-lucy/delivery.ts';
import type { ShownView } from '../world/view.ts';
import { maxStack, pushModal, removeView, replaceView, setStack } from '../world/views.ts';

export type ViewFailure = 'operation_timeout' | 'dispatch_failed' | 'invalid_response';

/**
 * What Slack does with Lucy's answer to a submitted view (slack-facts section 5): nothing closes it, else
 * `response_action` says. After a failure the view stays, with "We had some trouble connecting."
 */
export function applyViewAck(
  context: SlackContext,
  shown: ShownView,
  answer: Answer | null,
): ViewFailure | null {
  if (answer?.problem === 'timeout') return 'operation_timeout';
  const status = answer?.status ?? 0;
  if (status < 200 || status >= 300) return 'dispatch_failed';
  const body = answer?.body.trim() ?? '';
  if (body === '') {
    removeView(context.world, shown);
    return null;
  }
  const parsed = parseJson(body);
  return isRecord(parsed) && respond(context, shown, parsed) ? null : 'invalid_response';
}

/** Does what the response asks; false when Slack does not understand it. */
function respond(context: SlackContext, shown: ShownView, response: Json): boolean {
  const { world } = context;
  const view = isRecord(response.view) ? response.view : null;
  switch (response.response_action) {
    case 'clear':
      setStack(world, shown.owner, []);
      return true;
    case 'update':
      if (!view || checkView(view, ['modal']).length > 0) return false;
      replaceView(world, shown, view);
      return true;
    case 'push': {
      const depth = world.modals.get(shown.owner)?.length ?? 0;
      if (!view || depth >= maxStack || checkView(view, ['modal']).length > 0) return false;
      pushModal(world, view, shown.owner);
      return true;
    }
    case 'errors':
      return showErrors(context, shown, response.errors);
    default:
      return false;
  }
}

/** Keys must be the block_ids of input blocks, else Slack shows the error nowhere and complains. */
function showErrors(context: SlackContext, shown: ShownView, errors: unknown): boolean {
  if (!isRecord(errors) || Object.keys(errors).length === 0) return false;
  const inputs = shown.view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const entries = Object.entries(errors);
  const isValid = entries.every(([blockId, text]) => inputs.includes(blockId) && typeof text === 'string');
  if (!isValid) return false;
  shown.errors = Object.fromEntries(entries.map(([blockId, text]) => [blockId, String(text)]));
  context.world.changed();
  return true;
}
