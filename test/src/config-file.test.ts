import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkSettings, explainSettingsProblems, readSettings } from '#src/config-file.ts';
import { defaultPolicy } from '#src/policy/default-policy.ts';

const check = (text: string) => checkSettings(text, 'lucy.config.yml');

test('the commented sample is valid, and shows every section', () => {
  const path = fileURLToPath(new URL('../../lucy.config.sample.yml', import.meta.url));

  const { settings, problems } = readSettings({ path, isExplicit: true });

  expect(problems).toEqual([]);
  expect(settings?.plans.length).toBeGreaterThan(3);
  expect(settings?.plans.some((plan) => plan.price) && settings.plans.some((plan) => plan.product)).toBe(
    true,
  );
  expect(settings?.credit_packs.length).toBeGreaterThan(0);
  expect(settings?.billing.credits_since).toBeDefined();
  expect(Object.keys(settings?.people ?? {}).length).toBeGreaterThan(0);
  expect(settings?.roles.support.groups.length).toBeGreaterThan(0);
});

test('the policy of the sample is the one that holds without a file', () => {
  const path = fileURLToPath(new URL('../../lucy.config.sample.yml', import.meta.url));

  const { settings } = readSettings({ path, isExplicit: true });

  expect(settings?.policy).toEqual(defaultPolicy);
  expect(settings?.approvals).toEqual(check('').settings?.approvals);
});

test('without the default file Lucy starts with samples and a warning, and nobody may do anything in Slack', () => {
  const { settings, warning, problems } = readSettings({
    path: '/nowhere/lucy.config.yml',
    isExplicit: false,
  });

  expect(problems).toEqual([]);
  expect(warning).toContain('no Slack roles');
  expect(
    Object.values(settings?.roles ?? {}).every((role) => role.groups.length + role.members.length === 0),
  ).toBe(true);
});

test('a file that was named and is not there is a problem', () => {
  expect(readSettings({ path: '/nowhere/lucy.yml', isExplicit: true }).problems).toEqual([
    'LUCY_CONFIG names /nowhere/lucy.yml, which cannot be read. Correct the path, or unset it.',
  ]);
});

test('an empty file is a working one', () => {
  expect(check('').settings).toMatchObject({ tiers: ['free', 'starter', 'pro', 'enterprise'], plans: [] });
  expect(check('# nothing but a comment').problems).toEqual([]);
});

test.each([
  ['tiers: []', 'tiers: '],
  ['tiers: [Free]', 'tiers[0]: use lower-case letters'],
  ['plan: []', '(the whole file): Unrecognized key: "plan"'],
  ['roles: { supprt: {} }', 'roles: Unrecognized key: "supprt"'],
  ['roles: { support: { groups: [support] } }', 'roles.support.groups[0]: a Slack user group id such as'],
  ['roles: { support: { members: ["@sam"] } }', 'roles.support.members[0]: a Slack member id such as'],
  ['plans: [{ tier: pro }]', 'plans[0]: name the Stripe side: one of price, lookup_key or product'],
  ['plans: [{ tier: pro, price: prod_1 }]', 'plans[0].price: '],
  ['plans: [{ tier: pro, price: price_1, grace_hours: -1 }]', 'plans[0].grace_hours: '],
  ['plans: [{ tier: pro, price: price_1, grace_hours: 1.5 }]', 'plans[0].grace_hours: '],
  ['plans: [{ tier: pro, price: price_1, credits: 5 }]', 'plans[0]: Unrecognized key: "credits"'],
  ['credit_packs: [{ lookup_key: a, credits: 0 }]', 'credit_packs[0].credits: '],
  ['billing: { credits_since: yesterday }', 'billing.credits_since: '],
  ['billing: { paused: maybe }', 'billing.paused: '],
  ['channels: { billing: lucy billing }', 'channels.billing: a channel such as #lucy-billing or its id'],
  ['people: { ada: { roles: [boss], name: Ada } }', 'people.ada.roles[0]: '],
  ['people: { ada: { name: Ada, slack: ada } }', 'people.ada.slack: a Slack member id such as U012AB3CD'],
  ['people: { ada: { name: Ada, slack: [U0ADA, ada] } }', 'people.ada.slack'],
  ['people: { "terminal:ada": { name: Ada } }', 'people.terminal:ada: '],
  ['policy: { credits grant: { stpes: [] } }', 'policy.credits grant: Unrecognized key: "stpes"'],
  [
    'policy: { credits grant: { roles: [boss], steps: [] } }',
    'policy.credits grant.roles[0]: one of support',
  ],
  [
    'policy: { credits grant: { channels: [x y], steps: [] } }',
    'policy.credits grant.channels[0]: a channel such',
  ],
  ['policy: { credits grant: { channel: x, steps: [] } }', 'policy.credits grant.channel: '],
  ['policy: { credits grant: { expires: soon, steps: [] } }', 'policy.credits grant.expires: a time such as'],
  ['policy: { credits grant: { expires: 0h, steps: [] } }', 'policy.credits grant.expires: a time such as'],
  ['policy: { credits grant: { steps: [{ roles: [] }] } }', 'policy.credits grant.steps[0].roles: '],
  [
    'policy: { credits grant: { steps: [{ up_to: {} }] } }',
    'policy.credits grant.steps[0].up_to: name at least one',
  ],
  ['policy: { credits grant: { steps: [{ up_to: }] } }', 'policy.credits grant.steps[0].up_to: '],
  [
    'policy: { credits grant: { steps: [{ up_to: { credits: -1 } }] } }',
    'policy.credits grant.steps[0].up_to.credits: ',
  ],
  [
    'policy: { credits grant: { steps: [{ up_to: { money: { USD: 5 } } }] } }',
    'policy.credits grant.steps[0].up_to.money.USD: ',
  ],
  [
    'policy: { credits grant: { steps: [{ up_to: { money: { usd: 5.001 } } }] } }',
    'policy.credits grant.steps[0].up_to.money.usd: usd has 2 decimals',
  ],
  [
    'policy: { credits grant: { steps: [{ up_to: { money: { jpy: 5.5 } } }] } }',
    'policy.credits grant.steps[0].up_to.money.jpy: jpy has 0 decimals',
  ],
  [
    'policy: { credits grant: { steps: [{ up_to: { per_person_day: {} } }] } }',
    'policy.credits grant.steps[0].up_to.per_person_day: name at least',
  ],
  [
    'policy: { credits grant: { steps: [{ approvers: { role: boss } }] } }',
    'policy.credits grant.steps[0].approvers.role: one of',
  ],
  [
    'policy: { credits grant: { steps: [{ approvers: { role: admin, count: 0 } }] } }',
    'policy.credits grant.steps[0].approvers.count: ',
  ],
  ['approvals: { escalate_to: boss }', 'approvals.escalate_to: '],
  ['approvals: { dwell: 6m }', 'approvals.dwell: 0s to 5m'],
  ['approvals: { remind_after: never }', 'approvals.remind_after: a time such as'],
  ['- just\n- a list', '(the whole file): '],
])('%s is told with its path inside the file', (text, problem) => {
  const { settings, problems } = check(text);

  expect(settings).toBeNull();
  expect(problems).toEqual([expect.stringContaining(`lucy.config.yml: ${problem}`)]);
});

test('every problem is told at once', () => {
  const { problems } = check('tiers: []\nbilling: { paused: maybe }\nchannels: { billing: x }\nnonsense: 1');

  expect(problems).toHaveLength(4);
  const text = explainSettingsProblems(problems);
  for (const problem of problems) expect(text).toContain(problem);
  expect(text).toContain('lucy.config.sample.yml shows every setting.');
});

test.each([
  ['plans: [{ tier: gold, price: price_1 }]', 'plans[0].tier: “gold” is not one of tiers'],
  [
    'plans: [{ tier: pro, price: price_1 }, { tier: starter, price: price_1 }]',
    'plans[1].price: “price_1” is already mapped by plans[0]',
  ],
  [
    'plans: [{ tier: pro, lookup_key: a }]\ncredit_packs: [{ lookup_key: a, credits: 1 }]',
    'credit_packs[0].lookup_key: “a” is already mapped by plans[0]',
  ],
  [
    'billing: { manual_types: { monthly: gold } }',
    'billing.manual_types.monthly: “gold” is not one of tiers',
  ],
  [
    'people: { ada: { name: Ada, slack: U0ADA }, eva: { name: Eva, slack: [U0EVA, U0ADA] } }',
    'people.eva.slack: “U0ADA” is already ada',
  ],
  [
    'people: { ada: { name: Ada, terminal: root }, eva: { name: Eva, terminal: root } }',
    'people.eva.terminal: “root” is already ada',
  ],
  [
    'policy: { credits grant: { never: [gus], steps: [] } }',
    'policy.credits grant.never[0]: “gus” is no key under people, no Slack member id and no role',
  ],
  [
    'policy: { tier set: { steps: [{ up_to: { tier: gold } }] } }',
    'policy.tier set.steps[0].up_to.tier: “gold” is not one of tiers',
  ],
  [
    'policy: { credits grant: { steps: [{ approvers: { role: billing } }, { roles: [admin] }] } }',
    'policy.credits grant.steps[1]: asks for fewer approvers than a step before it; put the milder step first',
  ],
  [
    'policy: { credit grant: { steps: [] } }',
    'policy.credit grant: there is no command “credit grant”; did you mean “credits grant”',
  ],
  [
    'policy: { credits grant: { never: [support] } }',
    'policy.credits grant: “credits grant” needs steps, because this rule replaces the default; see lucy.config.sample.yml',
  ],
  [
    'policy: { credits show: { steps: [] } }',
    'policy.credits show.steps: “credits show” only looks something up; leave steps out',
  ],
])('%s contradicts itself', (text, problem) => {
  expect(check(text).problems).toEqual([`lucy.config.yml: ${problem}`]);
});

test('what is not YAML is told with its line', () => {
  const { problems } = check('tiers: [free\nplans: }');

  expect(problems[0]).toMatch(/^lucy\.config\.yml: .*line \d+/);
});
