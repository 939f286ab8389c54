import { readMailbox } from '#src/core/settings-mail.ts';
import { createSmtpGateway } from '#src/gateways/smtp.ts';
import type { MailDeps } from './deliver.ts';

/** Mails as the environment and the settings say: through SMTP_URL, from `mail.from` or MAIL_FROM, or not at all. */
export function createMails(
  deps: Omit<MailDeps, 'mail' | 'state'>,
  config: { smtpUrl: string | null; from: string | null },
): MailDeps {
  const from = readMailbox(deps.settings.mail.from ?? config.from ?? '');
  const off =
    config.smtpUrl === null
      ? 'Mail is off: SMTP_URL is not set, so customers get no mails.'
      : from === null
        ? 'Mail is off: there is no sender. Set MAIL_FROM, or mail.from in lucy.config.yml.'
        : null;
  const mail =
    config.smtpUrl !== null && from !== null ? { gateway: createSmtpGateway(config.smtpUrl), from } : null;
  return { ...deps, mail, state: { off } };
}
