/** What a process does: take requests, do the work behind them, or both (DESIGN section 8, “Outgrown”). */
export type Role = 'web' | 'worker' | 'all';

const roles: readonly string[] = ['web', 'worker', 'all'] satisfies Role[];

export const roleUsage =
  'Usage: npm start -- [--role web|worker|all]\n' +
  '  web     takes requests: Stripe’s webhooks, Slack, /api, /status, /metrics and /health\n' +
  '  worker  does what is behind them: messages, timers, Stripe, imports, reconciliations, documents\n' +
  '  all     both in one process; the default\n';

/** @returns null when the arguments are none that Lucy knows */
export function readRole(args: readonly string[]): Role | null {
  if (args.length === 0) return 'all';
  const [flag = '', value] = args;
  const said = flag.startsWith('--role=')
    ? flag.slice('--role='.length)
    : flag === '--role'
      ? value
      : undefined;
  const count = flag === '--role' ? 2 : 1;
  return said !== undefined && args.length === count && isRole(said) ? said : null;
}

function isRole(word: string): word is Role {
  return roles.includes(word);
}

export const takesRequests = (role: Role) => role !== 'worker';
export const doesWork = (role: Role) => role !== 'web';
