import { bot } from '#sandbox/cast.ts';
import type { ClientAct } from '#sandbox/slack/client-contract.ts';
import { previewBlocks } from './canned-cards.ts';
import { pushedView, refundView } from './canned-views.ts';
import type { ActAnswer, FakeSlack } from './fake-slack.ts';

/** Lucy's part in the play: a preview, a receipt, and a modal that first complains and then pushes another. */
export function playLucy(slack: FakeSlack): void {
  slack.onAct = (act) => react(slack, act);
}

function react(slack: FakeSlack, act: ClientAct): ActAnswer {
  if (act.kind === 'say') return hear(slack, act);
  if (act.kind === 'click') return receiveClick(slack, act);
  if (act.kind === 'submit') return receiveForm(slack, act);
  if (act.kind === 'close-modal') slack.modals.pop();
  if (act.kind === 'suggest') {
    const names = ['Sofia Marin', 'Past Due Ltd'].filter((name) => name.toLowerCase().includes(act.query));
    return {
      ok: true,
      options: names.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })),
    };
  }
  return { ok: true };
}

function hear(slack: FakeSlack, act: Extract<ClientAct, { kind: 'say' }>): ActAnswer {
  if (act.text.startsWith('/lucy credits grant')) {
    slack.say(act.channel, bot.userId, 'Grant 100 credits', { blocks: previewBlocks(), isEphemeral: true });
  } else if (act.text.startsWith('/lucy refund')) {
    slack.modals.push({ viewId: 'V1', view: refundView(), errors: {}, depth: 1, pending: false });
  } else if (act.text.startsWith('/')) {
    return { ok: false, error: `${act.text.split(' ')[0]} is not a command here.` };
  } else {
    slack.say(act.channel, act.as, act.text, act.threadTs === undefined ? {} : { threadTs: act.threadTs });
  }
  return { ok: true };
}

function receiveClick(slack: FakeSlack, act: Extract<ClientAct, { kind: 'click' }>): ActAnswer {
  if (act.actionId !== 'confirm' || !('message' in act.where)) return { ok: true };
  const { ts } = act.where.message;
  const card = slack.messages.find((message) => message.ts === ts);
  if (card)
    card.blocks = [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: ':white_check_mark: *100 credits granted.* Undo: `/lucy undo run-1`' },
      },
    ];
  return { ok: true };
}

function receiveForm(slack: FakeSlack, act: Extract<ClientAct, { kind: 'submit' }>): ActAnswer {
  const modal = slack.modals.at(-1);
  if (modal === undefined) return { ok: false, error: 'This form is no longer open.' };
  if (modal.depth === 2) slack.modals = [];
  else if (Number(act.state.amount?.value && (act.state.amount.value as { value: string }).value) > 100) {
    modal.errors = { amount: 'Only €49.00 of this payment can still be refunded.' };
  } else {
    modal.errors = {};
    slack.modals.push({ viewId: 'V2', view: pushedView(), errors: {}, depth: 2, pending: false });
  }
  return { ok: true };
}
