import { elementsOfBlock } from '../block-kit/elements-of-block.ts';
import type { SlackContext } from '../context.ts';
import { type Json, textAt } from '../json.ts';
import type { Outgoing } from '../to-lucy/delivery.ts';
import { presentKey } from '../world/form-values.ts';
import type { Person } from '../world/person.ts';
import { makeResponseUrl } from '../world/response-urls.ts';
import { makeTrigger } from '../world/triggers.ts';
import type { ShownView } from '../world/view.ts';
import { interactiveFields } from './common.ts';
import { interaction } from './interaction.ts';
import { responseUrl } from './response-url.ts';
import { viewPayload } from './view-payload.ts';

/** Submit was pressed (slack-facts section 5, view_submission). */
export function viewSubmission(context: SlackContext, person: Person, shown: ShownView): Outgoing {
  return interaction('view_submission', shown.view.callback_id || shown.view.id, {
    type: 'view_submission',
    ...interactiveFields(person),
    trigger_id: makeTrigger(context.world, person.id, shown.view.id),
    view: viewPayload(shown),
    response_urls: responseUrls(context, person, shown),
  });
}

/** The view was closed, and had asked to be told. Input values are not sent along. */
export function viewClosed(person: Person, shown: ShownView, isCleared: boolean): Outgoing {
  return interaction('view_closed', shown.view.callback_id || shown.view.id, {
    type: 'view_closed',
    ...interactiveFields(person),
    view: { ...shown.view, state: { values: {} } },
    is_cleared: isCleared,
  });
}

/** One per conversation that was chosen in a select with `response_url_enabled`. */
function responseUrls(context: SlackContext, person: Person, shown: ShownView): Json[] {
  return shown.view.blocks.flatMap((block) =>
    elementsOfBlock(block).flatMap(({ element }) => {
      if (element.response_url_enabled !== true) return [];
      const blockId = textAt(block, 'block_id');
      const actionId = textAt(element, 'action_id');
      const chosen = shown.values[blockId]?.[actionId]?.[presentKey(textAt(element, 'type'))];
      if (typeof chosen !== 'string') return [];
      const tail = makeResponseUrl(context.world, { user: person.id, channel: chosen, original: null });
      return [
        {
          block_id: blockId,
          action_id: actionId,
          channel_id: chosen,
          response_url: responseUrl(context, 'app', tail),
        },
      ];
    }),
  );
}
