import { z } from 'zod';
import { describe, type FieldMeta, text } from './fields.ts';

/** An id that its prefix tells, such as run_…. */
export function idField(meta: FieldMeta & { pattern: RegExp; wrong: string }) {
  const { pattern, wrong, ...shown } = meta;
  return describe(text(120, wrong).pipe(z.string().regex(pattern, wrong)), shown);
}

export const entryField = idField({
  label: 'Ledger entry',
  placeholder: 'led_…',
  hint: '“credits show” lists them',
  pattern: /^led_[0-9a-z]+$/,
  wrong: 'A ledger entry starts with led_; “credits show” lists them.',
});

export const runField = idField({
  label: 'Run',
  placeholder: 'run_…',
  hint: 'It stands on the receipt',
  pattern: /^run_[0-9a-z]+$/,
  wrong: 'A run starts with run_; it stands on the receipt.',
});

export const approvalField = idField({
  label: 'Approval',
  placeholder: 'apr_…',
  hint: '“approval list” shows them',
  pattern: /^apr_[0-9a-z]+$/,
  wrong: 'An approval starts with apr_; “approval list” shows them.',
});

export const eventField = idField({
  label: 'Stripe event',
  placeholder: 'evt_…',
  pattern: /^evt_[A-Za-z0-9_]+$/,
  wrong: 'A Stripe event id starts with evt_.',
});
