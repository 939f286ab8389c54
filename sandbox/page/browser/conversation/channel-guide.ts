/** What the default channels are for, and what a newcomer can try there. */
type Guide = { purpose: string; tries: string[] };

const guides: Record<string, Guide> = {
  general: {
    purpose:
      'An ordinary channel, to which Lucy was never invited. Commands work here too; only you see the answers.',
    tries: ['/lucy help', '/lucy whoami'],
  },
  support: {
    purpose: 'Where support asks Lucy about customers. Answers are private until they are shared.',
    tries: [
      '/lucy customer show sofia@firm.com',
      '/lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812',
      '/lucy help',
    ],
  },
  'lucy-entitlements': {
    purpose: 'Every change of a customer’s tier, access or credits is told here, with who and why.',
    tries: ['/lucy customer timeline sofia@firm.com'],
  },
  'lucy-approvals': {
    purpose:
      'Refunds and other grave acts wait here for a second person. Each card names the role that may decide: switch to Bea or Bo for billing, and to Ada for on-call.',
    tries: ['/lucy approval list', '/lucy refund request sofia@firm.com'],
  },
  'lucy-billing': {
    purpose: 'Disputes, failed payments and reconciliation.',
    tries: ['/lucy dispute list', '/lucy reconcile run', '/lucy webhook health'],
  },
  'lucy-oncall': {
    purpose: 'Probes that fail, webhooks that get lost: on-call hears of it here first.',
    tries: ['/lucy status', '/lucy incident declare', '/lucy webhook failed'],
  },
  incidents: {
    purpose: 'One place for what is broken, with its customer updates on time.',
    tries: ['/lucy incident list', '/lucy incident declare'],
  },
};

/** The guide of a channel; one without its own gets only the way to help. */
export function guideOf(channel: string, usages: readonly string[]): Guide {
  const guide = guides[channel] ?? { purpose: '', tries: ['/lucy help'] };
  return { purpose: guide.purpose, tries: guide.tries.filter((line) => isKnown(line, usages)) };
}

/** A suggestion is shown only if Lucy has the command. */
function isKnown(line: string, usages: readonly string[]): boolean {
  const typed = line.replace('/lucy ', '');
  return usages.some((usage) => {
    const name = usage
      .split(' ')
      .filter((word) => /^[a-z][a-z-]*$/.test(word))
      .join(' ');
    return typed === name || typed.startsWith(`${name} `);
  });
}
