import { textAt } from '../json.ts';
import { viewAnswer } from '../payloads/view-payload.ts';
import { useTrigger } from '../world/triggers.ts';
import { findView, maxStack, openModal, pushModal } from '../world/views.ts';
import { type Method, missing, ok, refuse } from './method.ts';
import { readView } from './read-view.ts';

/** https://docs.slack.dev/reference/methods/views.open (slack-facts section 5, trigger_id) */
export const viewsOpen: Method = {
  scope: null,
  answer: (args, context) => {
    if (textAt(args, 'trigger_id') === '') return missing('trigger_id');
    const read = readView(context, args, ['modal']);
    if ('refusal' in read) return read.refusal;
    const trigger = useTrigger(context.world, textAt(args, 'trigger_id'));
    if (typeof trigger === 'string') return refuse(trigger);
    return ok({ view: viewAnswer(openModal(context.world, read.view, trigger.user)) });
  },
};

/** https://docs.slack.dev/reference/methods/views.push: the trigger must come from inside an open modal. */
export const viewsPush: Method = {
  scope: null,
  answer: (args, context) => {
    const { world } = context;
    if (textAt(args, 'trigger_id') === '') return missing('trigger_id');
    const read = readView(context, args, ['modal']);
    if ('refusal' in read) return read.refusal;
    const trigger = useTrigger(world, textAt(args, 'trigger_id'));
    if (typeof trigger === 'string') return refuse(trigger);
    if (trigger.viewId === null) return refuse('invalid_trigger_id');
    if (!findView(world, trigger.viewId)) return refuse('view_not_found');
    if ((world.modals.get(trigger.user)?.length ?? 0) >= maxStack) return refuse('push_limit_reached');
    return ok({ view: viewAnswer(pushModal(world, read.view, trigger.user)) });
  },
};
