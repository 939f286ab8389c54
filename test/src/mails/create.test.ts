import { expect, test } from 'vitest';
import { readConfig } from '#src/config.ts';
import { createMails } from '#src/mails/create.ts';
import { mailHealth } from '#src/mails/health.ts';
import { acme, dunningWorld } from '#test/world/dunning-world.ts';

const good = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_SIGNING_SECRET: 'secret',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
};

test('the environment says through which server, and from whom', () => {
  const read = (more: Record<string, string>) => readConfig({ ...good, ...more });

  expect(
    read({ SMTP_URL: 'smtps://u:p@mail.example', MAIL_FROM: 'Acme <a@acme.example>' }).config?.mail,
  ).toEqual({
    smtpUrl: 'smtps://u:p@mail.example',
    from: 'Acme <a@acme.example>',
  });
  expect(read({ SMTP_URL: ' ', MAIL_FROM: '' }).config?.mail).toEqual({ smtpUrl: null, from: null });
  expect(
    read({ SMTP_URL: 'https://mail.example', MAIL_FROM: 'Acme' }).problems.map(({ name }) => name),
  ).toEqual(['SMTP_URL', 'MAIL_FROM']);
});

test('without a server or a sender there is no mail, and health says which', async () => {
  const { mails } = await dunningWorld();
  const state = async (smtpUrl: string | null, from: string | null, settings = mails.settings) => {
    const made = createMails({ ...mails, settings }, { smtpUrl, from });
    return { isOn: made.mail !== null, ...(await mailHealth(mails.database.knex, made.state)) };
  };

  expect(await state(null, 'a@acme.example')).toMatchObject({
    isOn: false,
    state: 'ok',
    detail: expect.stringContaining('SMTP_URL'),
  });
  expect(await state('smtp://127.0.0.1:9', null)).toMatchObject({
    isOn: false,
    detail: expect.stringContaining('MAIL_FROM'),
  });
  expect(await state('smtp://127.0.0.1:9', 'a@acme.example')).toMatchObject({ isOn: true, state: 'ok' });
  const named = { ...mails.settings, mail: { ...acme, from: 'b@acme.example' } };
  expect(
    createMails({ ...mails, settings: named }, { smtpUrl: 'smtp://h', from: 'a@acme.example' }).mail?.from,
  ).toEqual({
    name: '',
    address: 'b@acme.example',
  });
});
