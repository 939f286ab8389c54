import type { Probe } from '../probe.ts';

export const mail: Probe = {
  id: 'mail',
  title: 'Mail',
  effect: 'Customers whose payment failed hear of it late.',
  firstStep: 'Look at SMTP_URL and at the mail server.',
  look: async ({ parts }) => parts.mail(),
};
