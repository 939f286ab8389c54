import { clamp, defang } from '#src/core/text.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import { actionId } from '../action-ids.ts';
import { type Block, type Button, plainText } from '../block-kit.ts';
import { BUTTONS_MAX } from './limits.ts';

/** A value may have 2,000 characters (docs.slack.dev/reference/block-kit/block-elements/button-element). */
const VALUE_MAX = 2_000;

/** Buttons carry the id of a run or a line to run, never an amount: what a click does is decided at the click. */
export function renderButtons(buttons: readonly ReplyButton[], more: readonly Button[] = []): Block[] {
  const elements = buttons
    .filter((button) => valueIn(button) !== '' && valueIn(button).length <= VALUE_MAX)
    .slice(0, BUTTONS_MAX)
    .map(renderButton)
    .concat(more);
  return actionRows(elements);
}

/** An actions block holds 25 (docs.slack.dev/reference/block-kit/blocks/actions-block). */
const PER_BLOCK_MAX = 25;

export function actionRows(buttons: readonly Button[]): Block[] {
  const rows: Block[] = [];
  for (let from = 0; from < buttons.length; from += PER_BLOCK_MAX)
    rows.push({ type: 'actions', elements: buttons.slice(from, from + PER_BLOCK_MAX) });
  return rows;
}

export function renderButton(button: ReplyButton, index: number): Button {
  const element: Button = {
    type: 'button',
    action_id: actionId(button.kind === 'command' ? 'run' : button.kind, index),
    text: plainText(buttonLabel(button.label)),
    value: valueIn(button),
  };
  if (button.kind === 'approve') return { ...element, style: 'primary', ...approveDialog(button.confirm) };
  if (button.kind === 'deny') return { ...element, style: 'danger' };
  if (button.kind !== 'confirm') return element;
  if (!button.isDanger) return { ...element, style: 'primary' };
  return {
    ...element,
    style: 'danger',
    confirm: {
      title: plainText('Are you sure?'),
      text: plainText(`“${clamp(defang(button.label), 60)}” cannot be taken back by itself.`),
      confirm: plainText(clamp(defang(button.label) || 'Do it', 30)),
      deny: plainText('Not now'),
      style: 'danger',
    },
  };
}

/** One more question before what cannot be taken back, naming the thing and its amount. */
function approveDialog(question: string | undefined): Pick<Button, 'confirm'> | Record<string, never> {
  if (question === undefined) return {};
  return {
    confirm: {
      title: plainText('Approve this?'),
      text: plainText(clamp(defang(question), 300)),
      confirm: plainText('Approve'),
      deny: plainText('Not now'),
      style: 'danger',
    },
  };
}

export function buttonLabel(label: string): string {
  return clamp(defang(label).trim(), 75) || 'Open';
}

function valueIn(button: ReplyButton): string {
  if (button.kind === 'command') return defang(button.line).trim();
  if (button.kind === 'confirm' || button.kind === 'cancel') return defang(button.runId).trim();
  return `${defang(button.approvalId).trim()}:${button.basis}`;
}
