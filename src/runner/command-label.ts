/** Where verb and noun in this order are not what a person would say. */
const said: Record<string, string> = {
  'alert acknowledge': 'Take an alert',
  'break-glass list': 'List broken glass',
  'break-glass start': 'Break the glass',
  'credits import': 'Import credits from a file',
  'credits unimport': 'Take back an import of credits',
  'customer import': 'Import customers from a file',
  'customer verify-email': 'Mark an email as verified',
  'dispute evidence': 'Prepare evidence',
  'dispute fraud': 'Lock for fraud',
  'incident note': 'Note for an incident',
  'incident postmortem': 'Show a postmortem',
  'incident status': 'Show an incident',
  'payment grace': 'Give more time to pay',
  'payment mail': 'Read a payment mail',
  'payment portal-link': 'Make a portal link',
  'postmortem action': 'Add a postmortem action',
  'postmortem done': 'Tick a postmortem action',
  'reconcile run': 'Compare with Stripe',
  'release rollback': 'Roll back a release',
  'runbook suggestions': 'List suggestions',
  'runbook suggest': 'Suggest a step',
  'runbook tick': 'Tick a step',
  status: 'Show status',
  trace: 'Trace an id',
  'webhook failed': 'List failed webhooks',
  'webhook health': 'Show webhook health',
  undo: 'Undo a run',
  whoami: 'Who am I',
};
const nouns: Record<string, string> = { reconcile: 'reconciliation' };

/** A command as a button says it: `credits grant` is “Grant credits”. */
export function commandLabel(name: string): string {
  const [noun = '', ...verb] = name.split(' ');
  if (said[name] !== undefined) return said[name];
  if (verb.length === 0) return capital(noun);
  const thing = nouns[noun] ?? noun;
  return capital(`${verb.join(' ').replaceAll('-', ' ')} ${verb[0] === 'list' ? `${thing}s` : thing}`);
}

/** Under which heading a command stands; those of one word stand together. */
export function nounOf({ name }: { name: string }): string {
  const [noun = '', verb] = name.split(' ');
  return verb === undefined ? 'lucy' : noun;
}

/** Commands by noun; those without one come last. */
export function byNoun<C extends { name: string }>(commands: readonly C[]): [string, C[]][] {
  const groups = [...Map.groupBy(commands, nounOf)];
  return [...groups.filter(([noun]) => noun !== 'lucy'), ...groups.filter(([noun]) => noun === 'lucy')];
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
