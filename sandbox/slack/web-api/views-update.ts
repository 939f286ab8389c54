import { type Json, textAt } from '../json.ts';
import { viewAnswer } from '../payloads/view-payload.ts';
import type { ShownView } from '../world/view.ts';
import { findView, publishHome, replaceView, shownViews } from '../world/views.ts';
import type { World } from '../world/world.ts';
import { type Method, missing, ok, refuse } from './method.ts';
import { readView } from './read-view.ts';

/** https://docs.slack.dev/reference/methods/views.update: by id or external id; a stale `hash` is a conflict. */
export const viewsUpdate: Method = {
  scope: null,
  answer: (args, context) => {
    if (textAt(args, 'view_id') === '' && textAt(args, 'external_id') === '') return missing('view_id');
    const shown = findShown(context.world, args);
    const read = readView(context, args, shown ? [shown.view.type] : ['modal', 'home'], shown);
    if ('refusal' in read) return read.refusal;
    if (!shown) return refuse('view_not_found');
    if (isStale(shown, args)) return refuse('hash_conflict');
    replaceView(context.world, shown, read.view);
    return ok({ view: viewAnswer(shown) });
  },
};

/** https://docs.slack.dev/reference/methods/views.publish: the Home tab of one person. */
export const viewsPublish: Method = {
  scope: null,
  answer: (args, context) => {
    const user = textAt(args, 'user_id');
    if (user === '') return missing('user_id');
    const present = context.world.homes.get(user);
    const read = readView(context, args, ['home'], present);
    if ('refusal' in read) return read.refusal;
    if (!context.world.people.has(user)) return refuse('user_not_found');
    if (present && isStale(present, args)) return refuse('hash_conflict');
    return ok({ view: viewAnswer(publishHome(context.world, read.view, user)) });
  },
};

function findShown(world: World, args: Json): ShownView | undefined {
  const externalId = textAt(args, 'external_id');
  if (externalId !== '') return shownViews(world).find((shown) => shown.view.external_id === externalId);
  return findView(world, textAt(args, 'view_id'));
}

const isStale = (shown: ShownView, args: Json): boolean =>
  textAt(args, 'hash') !== '' && textAt(args, 'hash') !== shown.view.hash;
