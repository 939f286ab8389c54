import { expect, test } from 'vitest';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { healthWorld } from '#test/world/health-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

test('before anything was looked at, nothing is said to be well', async () => {
  const { lucy } = await terminalWorld();
  const { out, code } = await lucy('status', staff('support'));
  expect(code).toBe(0);
  expect(out).toContain('How everything is, is not known now.');
  expect(out).toContain('Nothing was looked at yet');
});

test('one look: what is well, what is not and since when, alerts, incidents; and that a look is old', async () => {
  const world = await healthWorld();
  const typed = async (line: string) => {
    let out = '';
    await runTerminal(world.runner, staff('oncall'), line.split(' '), {
      write(text) {
        out += text;
      },
      writeError(text) {
        out += text;
      },
      ask: null,
    });
    return out;
  };
  await world.look(1);
  expect(await typed('status')).toContain('Everything that Lucy looks at is well.');

  await typed('incident declare checkout --yes');
  expect(await typed('status')).toContain('1 incident open. Lucy’s own checks find nothing wrong.');
  world.now.product = 503;
  await world.look(3);
  const shown = await typed('status');

  expect(shown).toContain('1 incident open. Out of order: The product.');
  expect(shown).toMatch(/The product +down/);
  expect(shown).not.toMatch(/Hosting provider +well/);
  expect(shown).toMatch(/\d others are well\n.*Hosting provider/);
  expect(shown.indexOf('INC-1, investigating')).toBeLessThan(shown.indexOf('The product  '));
  expect(shown).toContain('Nobody has it yet.');
  expect(shown).toContain('INC-1, investigating: checkout');
  world.clock.advance(60 * 60_000);
  expect(await typed('status')).toMatch(/The last look was .* ago: does the service run/);
});
