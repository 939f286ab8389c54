import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { bookkeeping, changedTables, fingerprint } from '#test/world/fingerprint.ts';
import { mayRun } from './expected.ts';
import { onThisEngine } from './on-this-engine.ts';
import { type SlackKind, slackKinds } from './principals.ts';
import { exampleOf, isDefect, type MatrixWorld, matrixWorld } from './slack-matrix.ts';

/** A taken line is a preview, an answer or a form: no slash command alone changes more than its own run. */
const preview = [...bookkeeping, 'runs'];

type Outcome = { outcome: 'taken' | 'refused'; changed: string[]; said: string };

async function type(world: MatrixWorld, kind: SlackKind, line: string): Promise<Outcome> {
  const before = await fingerprint(world.database);
  const refusalsBefore = await world.refusals(kind);
  const { status, body } = await world.slash(kind, line);
  expect(status, `${kind}: /lucy ${line}`).toBe(200);
  const after = await fingerprint(world.database);
  const isRefused = (await world.refusals(kind)) > refusalsBefore;
  const mayChange = isRefused ? bookkeeping : preview;
  return {
    outcome: isRefused ? 'refused' : 'taken',
    changed: changedTables(before, after, mayChange),
    said: body,
  };
}

test.each(onThisEngine(slackKinds, ['billing']))(
  'every command that %s types in Slack is taken or refused as declared',
  async (kind) => {
    const world = await matrixWorld();
    const wrong: string[] = [];
    const told = (line: string) => wrong.push(line);

    for (const { name } of commands) {
      const wanted = mayRun[name]?.includes(kind) ? 'taken' : 'refused';
      const { outcome, changed, said } = await type(world, kind, exampleOf(name));
      if (outcome !== wanted) told(`${name} should be ${wanted} and was ${outcome}: ${said.slice(0, 300)}`);
      if (isDefect(said)) told(`${name} broke: ${said.slice(0, 300)}`);
      if (changed.length > 0) told(`${name} was ${outcome} and changed ${changed.join(', ')}`);
      if (outcome === 'refused' && !saysWhatNext(said)) told(`${name} was refused without a hint: ${said}`);
    }

    expect(wrong).toEqual([]);
  },
);

/** Every refusal ends with what to do next. */
function saysWhatNext(said: string): boolean {
  return /no_entry/.test(said) && /\b(Ask|Type)\b/.test(said);
}
