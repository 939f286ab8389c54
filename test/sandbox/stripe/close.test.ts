import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = `
  import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_1', webhookSecret: 'whsec_1', webhookUrl: () => 'http://127.0.0.1:9/never',
  });
  const ask = () => fetch(stripe.url + '/v1/account', { headers: { authorization: 'Bearer sk_test_1' } });
  stripe.world.createCustomer({ email: 'a@b.example' });
  await ask();
  stripe.faults.add({ kind: 'hang' });
  ask().catch(() => console.log('hung up'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await stripe.close();
  await ask().catch(() => console.log('closed'));
`;

test('after close() nothing keeps the process alive: no timer, no socket, no retry', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 30_000,
  });
  expect(stdout.trim().split('\n').sort()).toEqual(['closed', 'hung up']);
});
