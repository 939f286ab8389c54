import { expect, test } from 'vitest';
import { people } from '#sandbox/cast.ts';
import { crossChecks, settingsSchema } from '#src/core/settings.ts';
import type { Reply } from '#src/replies/reply.ts';
import { castOfGlass, glassWorld } from '#test/world/glass-world.ts';
import { idIn } from '#test/world/sofia-world.ts';

const REFUSED = 3;
const line = 'runbook suggest disputes ask for the delivery note first --ticket ZD-812';

async function suggestedWorld(patch: Record<string, unknown> = {}) {
  const world = await glassWorld(castOfGlass(patch));
  const typed = await world.type('sam', line);
  const told = async (target: string): Promise<Reply[]> => {
    const rows: { payload: string }[] = await world.database.knex('outbox').where({ target }).orderBy('id');
    return rows.map((row) => JSON.parse(row.payload));
  };
  return { ...world, id: idIn(typed, 'sug'), typed, told };
}

test('it is kept, told to its owner’s channel once, and listed until it is decided', async () => {
  const { typed, told, lucy, id } = await suggestedWorld({ roles: { admin: { groups: ['S0ADMINS01'] } } });

  expect(typed.out).toContain('Suggested for “Stripe subscription disputes”; the role admin decides');
  expect(await told('oncall')).toMatchObject([
    {
      title: 'Sam suggests for the runbook “Stripe subscription disputes”: ask for the delivery note first',
      mentions: { groups: ['S0ADMINS01'] },
    },
  ]);
  expect((await lucy('runbook suggestions')).out).toContain('1 suggestion waits for the role admin.');
  expect((await lucy('runbook suggestions')).out).toContain(id);
  expect((await lucy('runbook show disputes')).out).toContain('1 change: runbook suggestions');
});

test('its owner accepts it with a reason, once, and whoever suggested it is told', async () => {
  const { type, told, id, lucy } = await suggestedWorld();

  const accepted = await type('ada', `runbook accept ${id} --reason "it is in the next release"`);
  const late = await type('ada', `runbook decline ${id} --reason "no"`);

  expect(accepted.code).toBe(0);
  expect((await told(`user:${people.sam.id}`)).at(-1)?.title).toBe(
    'Ada accepted your suggestion “ask for the delivery note first”: it is in the next release',
  );
  expect(late.err).toContain('Ada accepted this already, so nothing was changed');
  expect((await lucy('runbook suggestions')).out).toContain('No suggestion waits.');
});

test('nobody but the owner decides, and who that is can be set: a role, or a person', async () => {
  const { type, id, database } = await suggestedWorld({ runbooks: { owner: 'olu', channel: 'billing' } });

  const bea = await type('bea', `runbook decline ${id} --reason "the card shows it"`);
  const olu = await type('olu', `runbook decline ${id} --reason "the card shows it"`);

  expect(bea.code).toBe(REFUSED);
  expect(bea.err).toContain('The runbooks belong to Olu, who decides about what is suggested.');
  expect(olu.code).toBe(0);
  expect(await database.knex('runbook_suggestions')).toMatchObject([
    { state: 'declined', decided_name: 'Olu', decision: 'the card shows it' },
  ]);
});

test('an owner whom the settings do not know is a mistake in them', () => {
  expect(crossChecks(settingsSchema.parse({ runbooks: { owner: 'olo' } }))).toEqual([
    ['runbooks.owner', '“olo” is neither a role nor a key under people'],
  ]);
});

test('nothing to suggest, and a runbook that there is not', async () => {
  const { type } = await suggestedWorld();

  expect((await type('sam', 'runbook suggest disputes')).err).toContain('Say what should stand there.');
  expect((await type('sam', 'runbook suggest cooking salt')).err).toContain('There is no runbook “cooking”.');
});
