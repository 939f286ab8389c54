import { expect, test } from 'vitest';
import { failureOf, startStripe } from './start.ts';

const pdf = (pages = 1, bytes = 0) =>
  Buffer.from(
    `%PDF-1.7\n\xe4\xf6${'<< /Type /Page >>\n'.repeat(pages)}<< /Type /Pages >>${' '.repeat(bytes)}`,
    'latin1',
  );

async function disputed() {
  const started = await startStripe();
  const { id } = started.world.createCustomer({ email: 'accounts@disputed.example', name: 'Disputed Inc' });
  started.world.subscribe(id, 'starter_monthly');
  const dispute = started.world.openDispute(started.world.lastPaidChargeOf(id)?.id ?? '');
  const upload = (data: Buffer, options = {}) =>
    started.sdk.files.create(
      {
        purpose: 'dispute_evidence',
        file: { data, name: 'evidence.pdf', type: 'application/pdf' },
      },
      options,
    );
  return { ...started, dispute, upload };
}

test('a PDF is kept byte by byte, and given as evidence by its id', async () => {
  const { sdk, world, dispute, upload } = await disputed();

  const file = await upload(pdf());
  const sent = await sdk.disputes.update(dispute.id, { evidence: { uncategorized_file: file.id } });

  expect(file).toMatchObject({ purpose: 'dispute_evidence', filename: 'evidence.pdf', type: 'pdf' });
  expect(file.size).toBe(pdf().length);
  expect(Buffer.from(world.tables.fileContents.get(file.id) ?? []).equals(pdf())).toBe(true);
  expect((await sdk.files.retrieve(file.id)).id).toBe(file.id);
  expect(sent.status).toBe('under_review');
});

test('the same key is the same file; with another file it is refused', async () => {
  const { upload, world } = await disputed();

  const first = await upload(pdf(), { idempotencyKey: 'k' });
  const again = await upload(pdf(), { idempotencyKey: 'k' });

  expect(again.id).toBe(first.id);
  expect(world.tables.files.size()).toBe(1);
  expect((await failureOf(upload(pdf(2), { idempotencyKey: 'k' }))).type).toBe('StripeIdempotencyError');
});

test('what Stripe does not take is refused in its words', async () => {
  const { sdk, dispute, upload } = await disputed();

  expect((await failureOf(upload(Buffer.from('hello')))).message).toContain(
    "don't currently support that file",
  );
  expect((await failureOf(upload(pdf(50)))).message).toContain('fewer than 50 pages');
  expect((await failureOf(upload(pdf(1, 5 * 1024 * 1024)))).message).toContain('smaller than 5MB');
  const give = (evidence: Record<string, string>) => failureOf(sdk.disputes.update(dispute.id, { evidence }));
  expect((await give({ receipt: 'my receipt' })).message).toContain("No such file: 'my receipt'");
  expect((await give({ customer_name: 'x'.repeat(5_001) })).message).toContain('at most 5000');
  expect((await give({ uncategorized_text: 'x'.repeat(20_001) })).message).toContain('at most 20000');
  const large = await upload(pdf(1, 4.6 * 1024 * 1024));
  expect((await give({ receipt: large.id })).message).toContain("limit for a dispute's total size");
});
