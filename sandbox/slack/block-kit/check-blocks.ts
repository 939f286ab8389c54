import { isRecord, type Json, textAt } from '../json.ts';
import { blockShapes, blocksNotImitated } from './block-rules.ts';
import { check } from './check.ts';
import { codePoints } from './code-points.ts';
import { elementsOfBlock } from './elements-of-block.ts';
import { type Problem, type Surface, typed } from './rule.ts';

const anyBlock = typed(blockShapes);

/** 50 per message, 100 per modal or home (slack-facts section 2). */
const maxBlocks: Record<Surface, number> = { message: 50, modal: 100, home: 100 };

/** Everything that Slack refuses about a list of blocks. `pointer` is '/blocks' or '/view/blocks'. */
export function checkBlocks(blocks: unknown, pointer: string, surface: Surface): Problem[] {
  if (!Array.isArray(blocks)) return [{ message: 'must provide an array', pointer }];
  if (blocks.length > maxBlocks[surface]) {
    return [{ message: `no more than ${maxBlocks[surface]} items allowed`, pointer }];
  }
  const problems = blocks.flatMap((block, index) => checkBlock(block, `${pointer}/${index}`, surface));
  if (problems.length > 0) return problems;
  const known = blocks.filter(isRecord);
  return [
    ...checkBlockIds(known, pointer),
    ...known.flatMap((block, index) => checkActionIds(block, `${pointer}/${index}`)),
    ...checkFocus(known, pointer),
    ...known.flatMap((block, index) => checkResponseUrls(block, `${pointer}/${index}`, surface)),
    ...checkTotals(known, pointer),
  ];
}

function checkBlock(block: unknown, pointer: string, surface: Surface): Problem[] {
  const type = isRecord(block) ? textAt(block, 'type') : '';
  if (blocksNotImitated.has(type)) {
    return [{ message: `the sandbox does not know ${type} blocks`, pointer: `${pointer}/type` }];
  }
  return check(anyBlock, block, pointer, surface);
}

function checkBlockIds(blocks: readonly Json[], pointer: string): Problem[] {
  const ids = blocks.map((block) => textAt(block, 'block_id'));
  return ids.flatMap((id, index) =>
    id !== '' && ids.indexOf(id) < index
      ? [{ message: `\`block_id\` "${id}" already exists`, pointer: `${pointer}/${index}/block_id` }]
      : [],
  );
}

/** Unique within a block; in another block the same action_id is fine. */
function checkActionIds(block: Json, pointer: string): Problem[] {
  const placed = elementsOfBlock(block);
  const ids = placed.map(({ element }) => textAt(element, 'action_id'));
  return placed.flatMap(({ pointer: inner }, index) => {
    const id = ids[index] ?? '';
    if (id === '' || ids.indexOf(id) === index) return [];
    return [{ message: `\`action_id\` "${id}" already exists`, pointer: `${pointer}${inner}/action_id` }];
  });
}

function checkFocus(blocks: readonly Json[], pointer: string): Problem[] {
  const focused = blocks.flatMap(elementsOfBlock).filter(({ element }) => element.focus_on_load === true);
  return focused.length > 1
    ? [{ message: 'only one element can have `focus_on_load` set to true', pointer }]
    : [];
}

/** `response_url_enabled` works only inside an input block of a modal (slack-facts section 2). */
function checkResponseUrls(block: Json, pointer: string, surface: Surface): Problem[] {
  if (block.type === 'input' && surface === 'modal') return [];
  return elementsOfBlock(block)
    .filter(({ element }) => element.response_url_enabled === true)
    .map((placed) => ({
      message: 'invalid additional property: response_url_enabled',
      pointer: `${pointer}${placed.pointer}`,
    }));
}

/** 12,000 characters over all markdown blocks of a payload, 10,000 over all cells of a table. */
function checkTotals(blocks: readonly Json[], pointer: string): Problem[] {
  const markdown = blocks.filter((block) => block.type === 'markdown');
  const total = markdown.reduce((sum, block) => sum + codePoints(textAt(block, 'text')), 0);
  if (total > 12_000) return [{ message: 'must be less than 12001 characters', pointer }];
  return blocks.flatMap((block, index) =>
    block.type === 'table' && tableCharacters(block.rows) > 10_000
      ? [{ message: 'must be less than 10001 characters', pointer: `${pointer}/${index}/rows` }]
      : [],
  );
}

function tableCharacters(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, inner) => sum + tableCharacters(inner), 0);
  if (!isRecord(value)) return 0;
  return codePoints(textAt(value, 'text')) + tableCharacters(value.elements);
}
