import { isRecord, textAt } from '../json.ts';
import { checkBlocks } from './check-blocks.ts';
import { codePoints } from './code-points.ts';
import type { Problem } from './rule.ts';

export type BlocksRefusal = { error: string; problems: Problem[] };

/**
 * About 12,000 characters of text "with a buffer for the containers" over all blocks (Slack's answer in
 * slackapi/bolt-js issue 2509; refusals were seen from 11,341 to 13,297). The lowest figure said by Slack holds here.
 */
const maxBlockCharacters = 12_000;

/** Why Slack refuses the blocks of a message, or null. */
export function refusalOfMessageBlocks(blocks: unknown): BlocksRefusal | null {
  if (!Array.isArray(blocks)) return { error: 'invalid_blocks_format', problems: [] };
  const problems = checkBlocks(blocks, '/blocks', 'message');
  if (problems.length > 0) return { error: 'invalid_blocks', problems };
  const tables = blocks.filter((block) => isRecord(block) && block.type === 'table');
  if (tables.length > 1) {
    return {
      error: 'invalid_attachments',
      problems: [{ message: 'only_one_table_allowed', pointer: '/blocks' }],
    };
  }
  if (charactersIn(blocks) > maxBlockCharacters) return { error: 'msg_blocks_too_long', problems: [] };
  return null;
}

function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + charactersIn(inner), 0);
  if (!isRecord(value)) return 0;
  const own = codePoints(textAt(value, 'text'));
  const inner = Object.values(value).filter((part) => typeof part === 'object');
  return own + charactersIn(inner);
}
