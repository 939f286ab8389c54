import { checkView } from '../block-kit/check-view.ts';
import type { SlackContext } from '../context.ts';
import { isRecord, type Json, textAt } from '../json.ts';
import type { ShownView } from '../world/view.ts';
import { shownViews } from '../world/views.ts';
import { type MethodAnswer, missing, refuse } from './method.ts';

/** 250 KB (slack-facts section 2). */
const maxViewBytes = 250_000;

export type ReadView = { view: Json } | { refusal: MethodAnswer };

/** The `view` argument, checked; `replaces` is the view whose external_id may stay. */
export function readView(
  context: SlackContext,
  args: Json,
  types: readonly ('modal' | 'home')[],
  replaces?: ShownView,
): ReadView {
  const { view } = args;
  if (view === undefined) return { refusal: missing('view') };
  if (JSON.stringify(view).length > maxViewBytes) return { refusal: refuse('view_too_large') };
  const problems = checkView(view, types);
  if (problems.length > 0 || !isRecord(view)) return { refusal: refuse('invalid_arguments', problems) };
  const externalId = textAt(view, 'external_id');
  const isTaken = shownViews(context.world).some(
    (shown) => shown !== replaces && externalId !== '' && shown.view.external_id === externalId,
  );
  return isTaken ? { refusal: refuse('duplicate_external_id') } : { view };
}
