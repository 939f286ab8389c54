import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { mayRun, seedSpellings } from './expected.ts';
import { onThisEngine } from './on-this-engine.ts';
import { terminalKinds } from './principals.ts';
import { exampleOf, isDefect } from './slack-matrix.ts';
import { atTerminal, REFUSED } from './terminal-matrix.ts';

const lines = [
  ...commands.map(({ name, effect }) => ({
    name,
    line: `${exampleOf(name)}${effect === 'reads' ? '' : ' --yes'}`,
  })),
  ...Object.values(seedSpellings).map(({ line, means }) => ({ name: means, line: `${line} --yes` })),
];

test.each(onThisEngine(terminalKinds, ['billing', 'unmapped login']))(
  'every command that %s types at the terminal is taken or refused as declared',
  async (kind) => {
    const { type } = await atTerminal(kind);
    const wrong: string[] = [];

    for (const { name, line } of lines) {
      const isAllowed = mayRun[name]?.includes(kind) ?? false;
      const { code, err, isWrittenDown, changed } = await type(line);
      const outcome = code === REFUSED ? 'refused' : 'taken';
      if (outcome !== (isAllowed ? 'taken' : 'refused')) wrong.push(`${line} was ${outcome}: ${err}`);
      if (isWrittenDown !== (code === REFUSED))
        wrong.push(`${line} ended with ${code}, and the audit differs`);
      if (code === REFUSED && changed.length > 0)
        wrong.push(`${line} was refused and changed ${changed.join(', ')}`);
      if (isDefect(err)) wrong.push(`${line} broke: ${err}`);
      if (code === REFUSED && !/\nAsk /.test(err)) wrong.push(`${line} was refused without a hint: ${err}`);
    }

    expect(wrong).toEqual([]);
  },
);
