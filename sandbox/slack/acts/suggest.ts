import { check } from '../block-kit/check.ts';
import { option, optionGroup } from '../block-kit/option-rules.ts';
import { list } from '../block-kit/rule.ts';
import type { ActWhere } from '../client-contract.ts';
import type { SlackContext } from '../context.ts';
import { isRecord, type Json, parseJson, recordsAt } from '../json.ts';
import { blockSuggestion } from '../payloads/block-suggestion.ts';
import type { Person } from '../world/person.ts';
import { type Ack, ackOf, nothingSent, plainFailure } from './ack.ts';
import { findElement } from './click.ts';
import { findSurface } from './find-surface.ts';

export type Suggestions = { ack: Ack; options: Json[]; groups: Json[] };

/** Slack asks from 3 characters on, unless the element says otherwise. */
const defaultQueryLength = 3;

/** Someone types into an external select. Below `min_query_length` nobody is asked. */
export async function suggest(
  context: SlackContext,
  person: Person,
  where: ActWhere,
  blockId: string,
  actionId: string,
  query: string,
): Promise<Suggestions> {
  const at = findSurface(context, person, where);
  const { element } = findElement(at, blockId, actionId);
  const least = element.min_query_length;
  if ([...query].length < (typeof least === 'number' ? least : defaultQueryLength)) {
    return { ack: nothingSent(null), options: [], groups: [] };
  }
  const delivery = await context.courier.deliver(blockSuggestion(person, at, blockId, actionId, query));
  const failure = plainFailure(delivery.response);
  const answer = parseJson(delivery.response?.body ?? '');
  if (failure !== null) return { ack: ackOf(delivery, failure), options: [], groups: [] };
  if (!isRecord(answer) || !isValid(answer)) {
    return { ack: ackOf(delivery, 'invalid_response'), options: [], groups: [] };
  }
  return {
    ack: ackOf(delivery, null),
    options: recordsAt(answer, 'options'),
    groups: recordsAt(answer, 'option_groups'),
  };
}

/** At most 100 options, or 100 groups of as many (slack-facts section 2). */
function isValid(answer: Json): boolean {
  const hasOptions = answer.options !== undefined;
  if (hasOptions === (answer.option_groups !== undefined)) return false;
  const rule = hasOptions ? list(option, 100, 0) : list(optionGroup, 100, 0);
  return check(rule, answer[hasOptions ? 'options' : 'option_groups'], '', 'modal').length === 0;
}
