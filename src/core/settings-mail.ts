import { z } from 'zod';

/** What stands in a header must not begin another one. */
const oneLine = z.string().regex(/^[^\p{Cc}<>]{1,100}$/u, 'one line of text, without < and >');

/** An address alone, or with a name before it: `Acme billing <billing@acme.example>`. */
export const mailbox = z
  .string()
  .refine(
    (text) => readMailbox(text) !== null,
    'an address such as billing@firm.com or “Acme <billing@firm.com>”',
  );

/** The mails to customers about failed payments: the section `mail:`. SMTP_URL says through which server. */
export const mailSettings = z
  .strictObject({
    /** What the customers know your product as. */
    product: oneLine.default('your subscription'),
    /** Who the mails come from; left out: MAIL_FROM. */
    from: mailbox.optional(),
    reply_to: mailbox.optional(),
    /** Where customers get help: an address or an https page. */
    support: z
      .union([z.email(), z.url({ protocol: /^https$/ })], {
        error: 'an address such as help@firm.com, or a page that starts with https://',
      })
      .optional(),
  })
  .prefault({});

export type MailSettings = z.infer<typeof mailSettings>;

export type Mailbox = { name: string; address: string };

/** Name and address of a mailbox; null when it is none. */
export function readMailbox(text: string): Mailbox | null {
  const match = /^(?:([^<>\p{Cc}"]{0,100})<([^<>\s]+)>|([^<>\s]+))$/u.exec(text.trim());
  const address = match?.[2] ?? match?.[3] ?? '';
  if (!z.email().safeParse(address).success) return null;
  return { name: (match?.[1] ?? '').trim(), address };
}
