import type { Outgoing } from '../to-lucy/delivery.ts';
import type { Person } from '../world/person.ts';
import { interactiveFields } from './common.ts';
import { interaction } from './interaction.ts';
import { type SurfaceAt, surfaceFields } from './surface.ts';

/** Asks for the options of an external select (slack-facts section 5, block_suggestion). */
export function blockSuggestion(
  person: Person,
  at: SurfaceAt,
  blockId: string,
  actionId: string,
  query: string,
): Outgoing {
  return interaction('block_suggestion', `${actionId} “${query}”`, {
    type: 'block_suggestion',
    ...interactiveFields(person),
    action_id: actionId,
    block_id: blockId,
    value: query,
    ...surfaceFields(at),
  });
}
