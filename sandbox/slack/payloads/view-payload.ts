import type { Json } from '../json.ts';
import { stateValues } from '../world/form-values.ts';
import type { ShownView } from '../world/view.ts';

/** A view with the state of its inputs, as payloads contain it. */
export function viewPayload(shown: ShownView): Json {
  return { ...shown.view, state: { values: stateValues(shown.view.blocks, shown.values) } };
}

/** As API answers contain it: the state is empty there. */
export function viewAnswer(shown: ShownView): Json {
  return { ...shown.view, state: { values: {} } };
}
