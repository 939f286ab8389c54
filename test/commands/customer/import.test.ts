import { expect, test } from 'vitest';
import { terminalActor } from '#src/policy/people.ts';
import { castOfGlass } from '#test/world/glass-world.ts';
import { importWorld } from '#test/world/import-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const why = '--reason "moving from the old system" --ticket OPS-12';

test('customers come with their link, their tier by hand and their opening balance', async () => {
  const { lucy, file, balances, database, logs } = await importWorld();
  const path = await file(
    'old.csv',
    [
      'Email,Name,Stripe Customer,Tier,Credits',
      'Sofia@firm.com,Sofia,cus_sofia,,250',
      'office@manual.gmbh,Manual GmbH,,enterprise,0',
      'plain@firm.com,,,,',
    ].join('\n'),
  );

  const shown = await lucy(`customer import ${path} ${why} --dry-run`);
  const typed = await lucy(`customer import ${path} ${why} --yes`);

  expect(shown.out).toContain('Add 3 customers from old.csv, with 250 credits in all?');
  expect(shown.out).toMatch(/Tier enterprise +1 customer by hand, with no end/);
  expect(shown.out).toMatch(/Other tiers +Stripe decides for 2 customers/);
  expect(typed.out).toContain('3 of 3 lines of old.csv imported.');
  expect(typed.code).toBe(0);
  const customers = await database
    .knex('customers as c')
    .join('entitlements as e', 'e.customer_id', 'c.id')
    .orderBy('c.email')
    .select('c.email', 'c.name', 'e.tier', 'e.source');
  expect(customers).toEqual([
    { email: 'office@manual.gmbh', name: 'Manual GmbH', tier: 'enterprise', source: 'override' },
    { email: 'plain@firm.com', name: null, tier: 'free', source: 'default' },
    { email: 'sofia@firm.com', name: 'Sofia', tier: 'free', source: 'default' },
  ]);
  expect(await balances()).toEqual({ 'sofia@firm.com': 250 });
  expect(await database.knex('credit_lots').first()).toMatchObject({ source_kind: 'import' });
  expect(await database.knex('customer_links')).toMatchObject([
    { stripe_customer_id: 'cus_sofia', proof: 'staff', status: 'active' },
  ]);
  // Lucy will ask Stripe what is true of her.
  expect(await database.knex('customer_sync')).toMatchObject([{ stripe_customer_id: 'cus_sofia' }]);
  expect(await database.knex('entitlement_changes')).toHaveLength(1);
  expect(logs.filter((line) => line.event === 'entitlement_change')).toHaveLength(1);
});

test('every bad line is named: a customer twice or there already, a link of another, a tier that is none', async () => {
  const { lucy, file, database } = await importWorld();
  await lucy('customer add known@firm.com --stripe cus_known --reason "new account" --yes');
  const path = await file(
    'bad.csv',
    [
      'email,stripe_customer,tier,credits',
      'a@firm.com,cus_a,pro,1',
      'A@firm.com,,,',
      'known@firm.com,,,',
      'b@firm.com,cus_known,,',
      'c@firm.com,cus_a,,',
      'd@firm.com,price_1,gold,-5',
      'e@firm,,,x',
    ].join('\n'),
  );

  const typed = await lucy(`customer import ${path} ${why} --yes`);

  expect(typed.code).toBe(2);
  const found = typed.out
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(',').slice(0, 3).join(','));
  expect(found).toEqual([
    '3,"email","a@firm.com stands in line 2 already."',
    '4,"email","There already is a customer known@firm.com."',
    '5,"stripe_customer","cus_known is linked to known@firm.com."',
    '6,"stripe_customer","cus_a stands in line 2 already."',
    '7,"stripe_customer; credits","A Stripe customer id starts with cus_. Give at least 1 credit. To take credits away',
    '8,"email; credits","That is not an email address. Say how many credits: a whole number such as 100."',
  ]);
  expect(await database.knex('customers')).toHaveLength(1);
});

test('support asks for a tier by hand and for what is much, and adds plain customers alone', async () => {
  const { lucy, file } = await importWorld();
  const plain = await file('plain.csv', 'email,credits\na@firm.com,100\n');
  const tier = await file('tier.csv', 'email,tier\na@firm.com,pro\n');
  const sam = staff('support');

  const alone = await lucy(`customer import ${plain} ${why} --dry-run`, sam);
  const asked = await lucy(`customer import ${tier} ${why} --dry-run`, sam);

  expect(alone.out).not.toContain('approval');
  expect(asked.out).toContain('this has no end, so it needs one approval by billing');
});

test('somebody added meanwhile fails alone, and the receipt says so', async () => {
  const { lucy, lucyWithPerson, file, database } = await importWorld();
  const path = await file('two.csv', 'email,stripe_customer\na@firm.com,cus_a\nb@firm.com,\n');
  const asking = async () => {
    await lucy('customer add other@firm.com --stripe cus_a --reason "new account" --yes');
    return 'y';
  };

  const moved = await lucyWithPerson(`customer import ${path} ${why}`, [asking]);

  // The plan is made again when it is confirmed, and now the line is bad.
  expect(moved.code).toBe(2);
  expect(moved.err).toContain('cus_a is linked to other@firm.com.');
  expect(await database.knex('customers')).toHaveLength(1);
});

test('whoever approves sees how many get which tier, and every line before it is done', async () => {
  const settings = castOfGlass({ approvals: { dwell: '0s' } });
  const world = await importWorld({ settings });
  const path = await world.file(
    'old.csv',
    'email,tier,stripe_customer,credits\na@firm.com,pro,,5\nb@firm.com,enterprise,cus_b,\n=c@firm.com,pro,,\nd@firm.com,pro,,\n',
  );
  const asked = await world.lucy(
    `customer import ${path} --skip-bad ${why} --yes --json`,
    terminalActor(settings, 'sam'),
  );
  const { approval, run } = asked.json<{ approval: string; run: string }>();
  const bea = terminalActor(settings, 'bea');

  const card = (await world.lucy(`approval show ${approval}`, bea)).out;
  const before = await world.lucy(`batch show ${run} --csv`, bea);
  await world.lucy(`approval approve ${approval} --reason "checked" --yes`, bea);
  const after = await world.lucy(`batch show ${run} --csv`, bea);

  expect(asked.code).toBe(4);
  expect(card).toMatch(/Tier enterprise +1 customer by hand, with no end/);
  expect(card).toMatch(/Tier pro +2 customers by hand, with no end/);
  expect(card).toMatch(/In all +5 credits/);
  expect(card).toMatch(/Linked to Stripe +1 customer/);
  expect(card).toContain(`batch show ${run} --csv`);
  expect(before.out.split('\r\n')).toEqual([
    '"line","email","tier","stripe_customer","credits"',
    '2,"a@firm.com","pro","","5"',
    '3,"b@firm.com","enterprise","cus_b",""',
    `4,"'=c@firm.com","pro","",""`,
    '5,"d@firm.com","pro","",""',
    '',
  ]);
  expect(after.out).toContain('"a@firm.com","applied"');
});
