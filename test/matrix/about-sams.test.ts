import { expect, test } from 'vitest';
import type { Runner } from '#src/runner/runner.ts';
import { bookkeeping, changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { aboutSams } from './expected.ts';
import { onThisEngine } from './on-this-engine.ts';
import { slackKinds, terminalKinds } from './principals.ts';
import { samsThings } from './sams-things.ts';
import { matrixWorld } from './slack-matrix.ts';
import { atTerminal, REFUSED } from './terminal-matrix.ts';

/** The line with the id of a thing of Sam's that nobody has touched yet. */
async function about(runner: Runner, line: string): Promise<string> {
  const sams = samsThings(runner);
  if (line.includes('DONE')) return line.replace('DONE', await sams.done());
  return line.replace('APPROVAL', (await sams.asked()).id);
}

test.each(onThisEngine(terminalKinds, ['the requester', 'billing', 'sole login']))(
  'what %s types at the terminal about Sam’s things counts as declared',
  async (kind) => {
    const world = await atTerminal(kind);
    await world.lucy('customer add sofia@firm.com --reason "new account" --yes');
    const wrong: string[] = [];

    for (const [line, allowed] of Object.entries(aboutSams)) {
      const typed = await about(world.runner, line);
      world.clock.advance(5_000);
      const { code, err, isWrittenDown, changed } = await world.type(`${typed} --yes`);
      const mayAct = allowed.includes(kind);
      if (code !== (mayAct ? 0 : REFUSED)) wrong.push(`${line} ended with ${code}: ${err}`);
      if (mayAct !== changed.length > 0) wrong.push(`${line} changed [${changed.join(', ')}]`);
      if (mayAct === isWrittenDown) wrong.push(`${line}: the audit does not say what came of it`);
    }

    expect(wrong).toEqual([]);
  },
);

test.each(onThisEngine(slackKinds, ['billing']))(
  'what %s types in Slack about Sam’s things is previewed or refused as declared',
  async (kind) => {
    const world = await matrixWorld();
    const wrong: string[] = [];

    for (const [line, allowed] of Object.entries(aboutSams)) {
      const typed = await about(world.runner, line);
      world.clock.advance(5_000);
      const before = await fingerprint(world.database);
      const refusalsBefore = await world.refusals(kind);
      const { body } = await world.slash(kind, typed);
      const isRefused = (await world.refusals(kind)) > refusalsBefore;
      const changed = changedTables(before, await fingerprint(world.database), bookkeeping);
      if (isRefused === allowed.includes(kind))
        wrong.push(`${line} was ${isRefused ? '' : 'not '}refused: ${body}`);
      // A preview is a run of one’s own, and nothing is done by it.
      if (changed.join() !== (isRefused ? '' : 'runs')) wrong.push(`${line} changed [${changed.join(', ')}]`);
      if (isRefused && /sofia/i.test(body)) wrong.push(`${line} named the customer: ${body}`);
    }

    expect(wrong).toEqual([]);
  },
);
