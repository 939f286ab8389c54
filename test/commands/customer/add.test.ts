import { expect, test } from 'vitest';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const add = 'customer add sofia@firm.com --stripe cus_1 --reason "new account"';

test('a customer is added on the lowest tier, linked, and asked about at Stripe', async () => {
  const { lucy, database } = await terminalWorld();

  const typed = await lucy(`${add} --name Sofia --yes`);

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('Customer sofia@firm.com added.');
  expect(await database.knex('customers')).toMatchObject([{ email: 'sofia@firm.com', name: 'Sofia' }]);
  expect(await database.knex('entitlements')).toMatchObject([{ tier: 'free', access: 'full', version: 0 }]);
  expect(await database.knex('customer_links')).toMatchObject([{ proof: 'staff', status: 'active' }]);
  expect(await database.knex('customer_sync')).toMatchObject([
    { stripe_customer_id: 'cus_1', synced_seq: 0 },
  ]);
});

test('an email is one whatever its case and spaces, and is not added twice', async () => {
  const { lucy, database } = await sofiaWorld();

  const again = await lucy('customer add " Sofia@Firm.COM " --reason "new account" --yes');

  expect(again.code).toBe(1);
  expect(again.err).toContain('There already is a customer sofia@firm.com.');
  expect(await database.knex('customers')).toHaveLength(1);
});

test('two who add the same customer at once add one', async () => {
  const { lucy, database } = await terminalWorld();

  const typed = await Promise.all([lucy(`${add} --yes`), lucy(`${add} --yes`)]);

  expect(typed.map(({ code }) => code).sort()).toEqual([0, 1]);
  // Which of the two is met first, the customer or the link, is a matter of the moment.
  expect(typed.map(({ err }) => err).join()).toMatch(
    /There already is a customer sofia@firm\.com\.|cus_1 is linked to sofia@firm\.com\./,
  );
  expect(await database.knex('customers')).toHaveLength(1);
  expect(await database.knex('audit_events').where({ command: 'customer add' })).toHaveLength(1);
});

test.each(['sofia', 'sofia@', 'a b@firm.com', '<!channel>@firm.com'])('“%s” is no email', async (email) => {
  const { lucy, database } = await terminalWorld();

  const typed = await lucy(`customer add "${email}" --reason "new account" --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain('not an email address');
  expect(await database.knex('customers')).toEqual([]);
});

test('someone without a role is refused', async () => {
  const { lucy } = await terminalWorld();

  expect((await lucy(`${add} --yes`, staff())).code).toBe(3);
});
