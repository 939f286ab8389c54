import type { FormValues } from '../blocks/form-values.ts';
import { identifiedBlocks } from '../blocks/surface-state.ts';
import { isRecord, type Json, recordAt, textAt } from '../read-json.ts';

/** What Slack's own client refuses before it asks the app: by block id, in Slack's words. */
export function inputProblems(blocks: unknown, state: FormValues): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const { block, blockId } of identifiedBlocks(blocks)) {
    const element = recordAt(block, 'element');
    if (block.type !== 'input' || element === null) continue;
    const held = state[blockId]?.[textAt(element, 'action_id')] ?? {};
    const content = Object.entries(held).find(([key]) => key !== 'type')?.[1];
    const isEmpty = content === null || content === '' || (Array.isArray(content) && content.length === 0);
    const problem = isEmpty
      ? block.optional !== true && 'Please complete this required field.'
      : problemOf(element, content);
    if (problem) problems[blockId] = problem;
  }
  return problems;
}

function problemOf(element: Json, content: unknown): string | null {
  if (isRecord(content) || typeof content !== 'string') return null;
  const least = Number(element.min_length ?? 0);
  const most = Number(element.max_length ?? Number.POSITIVE_INFINITY);
  const length = [...content].length;
  if (length < least) return `Please enter at least ${least} characters.`;
  if (length > most) return `Please enter at most ${most} characters.`;
  if (element.type === 'number_input') return numberProblem(element, content);
  if (element.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(content)) {
    return 'Please enter a valid email address.';
  }
  if (element.type === 'url_text_input' && !URL.canParse(content)) return 'Please enter a valid URL.';
  return null;
}

function numberProblem(element: Json, content: string): string | null {
  const isDecimal = element.is_decimal_allowed === true;
  const shape = isDecimal ? /^-?\d+(?:\.\d+)?$/ : /^-?\d+$/;
  if (!shape.test(content)) return isDecimal ? 'Please enter a number.' : 'Please enter a whole number.';
  const least = textAt(element, 'min_value');
  const most = textAt(element, 'max_value');
  if (least !== '' && Number(content) < Number(least)) return `Please enter a number of at least ${least}.`;
  if (most !== '' && Number(content) > Number(most)) return `Please enter a number of at most ${most}.`;
  return null;
}
