import { z } from 'zod';
import { lookableId } from '#src/core/correlation.ts';
import { webAddress } from '#src/core/settings-words.ts';
import { defang } from '#src/core/text.ts';
import { idField } from './id-fields.ts';

/** Inputs of investigations. The ticket names the case. */
export const caseField = idField({
  label: 'Ticket',
  placeholder: 'ZD-812',
  hint: '“investigation list” shows the cases',
  pattern: /^[\p{L}\p{N}#][\p{L}\p{N}#/:._-]{0,99}$/u,
  wrong: 'A ticket has letters, digits and - _ . / : # only, such as ZD-812.',
});

/** A page of the code: a pull request, a commit, a test. */
export function codeLinkField(label: string, placeholder: string) {
  const said = z
    .string()
    .transform((value) => defang(value).trim())
    .pipe(webAddress.refine((url) => url.length <= 500, 'Keep it under 500 characters.'))
    .optional();
  return said.meta({ label, placeholder, hint: 'An http or https address' } as Record<string, unknown>);
}

export const requestIdField = idField({
  label: 'Request ID',
  placeholder: 'req-8f14e45f',
  hint: 'The X-Request-ID, from the ticket or a log line',
  pattern: lookableId,
  wrong:
    'A request ID has 8 to 128 letters, digits and . _ : -, with a digit among them, such as req-8f14e45f.',
})
  .optional()
  .meta({
    label: 'Request ID',
    placeholder: 'req-8f14e45f',
    hint: 'The X-Request-ID, from the ticket or a log line',
  });
