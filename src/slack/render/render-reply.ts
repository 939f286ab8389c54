import { clamp, counted, defang } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type Block, type Button, type Message, plainText, type RichText } from '../block-kit.ts';
import { escapeText } from '../slack-text.ts';
import {
  BLOCKS_MAX,
  CHANGES_MAX,
  CHARACTERS_MAX,
  charactersIn,
  type Limits,
  levels,
  WARNINGS_MAX,
} from './limits.ts';
import { renderMentions } from './mentions.ts';
import { renderButtons } from './render-buttons.ts';
import { renderSection } from './render-section.ts';
import { emoji, lines, own, phrase, pieces, preformatted, words } from './rich-text.ts';

export type Where = {
  surface: 'message' | 'modal' | 'home';
  /** The command line that gives this reply, to say where all of it can be read. */
  line?: string | null;
  /** A sentence of small print above the correlation id. */
  footnote?: string;
  /** Buttons behind the reply's own. */
  more?: readonly Button[];
};

/** `chat.update` refuses more than 4,000 characters; escaping makes up to five of one. */
const TEXT_MAX = 700;

const toneEmoji: Record<Reply['tone'], string> = {
  done: 'white_check_mark',
  info: 'information_source',
  preview: 'eyes',
  waiting: 'hourglass_flowing_sand',
  sending: 'outbox_tray',
  warning: 'warning',
  refused: 'no_entry',
};

/** A reply as Slack shows it: always valid, never over Slack's limits, whatever the reply contains. */
export function renderReply(reply: Reply, where: Where = { surface: 'message' }): Message {
  const mentions = renderMentions(where.surface === 'message' ? reply.mentions : undefined);
  const title = escapeText(clamp(defang(reply.title), TEXT_MAX)) || '–';
  const text = [...mentions.tokens, title].join(' ');
  const calls = mentions.elements.length > 0 ? [lines([mentions.elements])] : [];
  for (const limits of levels) {
    const blocks = [...calls, ...renderBlocks(reply, where, limits)];
    if (blocks.length <= BLOCKS_MAX && charactersIn(blocks) <= CHARACTERS_MAX) return { text, blocks };
  }
  return {
    text,
    blocks: [...calls, lines([[words(reply.title, 900)], [own('There was more than Slack can show here.')]])],
  };
}

function renderBlocks(reply: Reply, where: Where, limits: Limits): Block[] {
  const sections = (reply.sections ?? []).slice(0, limits.sections);
  const tables = sections.filter((section) => (section.table?.rows.length ?? 0) > 0).length;
  const mayUseTable = where.surface === 'message' && tables === 1;
  const whereAll = where.line
    ? `see all of them in the terminal: lucy ${clamp(defang(where.line), 120)}`
    : 'they did not fit here';
  return [
    lines([[emoji(toneEmoji[reply.tone]), own(' '), ...phrase(reply.title, limits.title, { bold: true })]]),
    ...warningBlocks(reply, limits),
    ...factBlocks(reply, limits),
    ...sections.flatMap((section) => renderSection(section, limits, mayUseTable, whereAll)),
    ...leftOut((reply.sections?.length ?? 0) - sections.length, 'section', whereAll),
    ...pasteBlocks(reply, limits),
    ...(reply.hint ? [lines([phrase(reply.hint, limits.sentence)])] : []),
    ...renderButtons(
      (reply.buttons ?? []).filter((button) => isForHere(button.kind, where)),
      where.more ?? [],
    ),
    ...footer(reply, where),
  ];
}

/** A modal has its own submit and close, which do what confirm and cancel do elsewhere. */
function isForHere(kind: string, where: Where): boolean {
  return where.surface !== 'modal' || (kind !== 'confirm' && kind !== 'cancel');
}

function warningBlocks(reply: Reply, limits: Limits): Block[] {
  const warnings = (reply.warnings ?? []).slice(0, WARNINGS_MAX);
  if (warnings.length === 0) return [];
  return [
    lines(warnings.map((warning) => [emoji('warning'), own(' '), ...phrase(warning, limits.sentence)])),
    ...leftOut((reply.warnings?.length ?? 0) - warnings.length, 'warning', ''),
  ];
}

function factBlocks(reply: Reply, limits: Limits): Block[] {
  const changes = (reply.changes ?? []).slice(0, CHANGES_MAX);
  const facts = (reply.facts ?? []).slice(0, limits.facts);
  const cut = (reply.changes?.length ?? 0) - changes.length + (reply.facts?.length ?? 0) - facts.length;
  const rows: RichText[][] = [
    ...changes.map((change) => [
      words(change.label, 40, { bold: true }),
      own('  '),
      ...phrase(change.before, limits.value),
      own(' → '),
      ...phrase(change.after, limits.value, { bold: true }),
    ]),
    ...facts.map((fact) => [
      words(fact.label, 40, { bold: true }),
      own('  '),
      ...pieces(fact.value, limits.value),
    ]),
  ];
  return rows.length > 0 ? [lines(rows), ...leftOut(cut, 'fact', '')] : [];
}

function pasteBlocks(reply: Reply, limits: Limits): Block[] {
  if (!reply.paste) return [];
  return [
    lines([[own('For the ticket', { bold: true })]]),
    preformatted(clamp(defang(reply.paste, true), limits.paste)),
  ];
}

function leftOut(count: number, what: string, where: string): Block[] {
  if (count <= 0) return [];
  return [
    lines([[own(`… ${counted(count, `more ${what}`)}${where ? `; ${where}` : ''}`, { italic: true })]]),
  ];
}

/** Correlation ids are copied into tickets and log searches: code is easy to select, but only for harmless text. */
function footer(reply: Reply, where: Where): Block[] {
  const elements = [];
  if (where.footnote) elements.push(plainText(clamp(defang(where.footnote), 300)));
  const id = reply.correlationId;
  if (id) {
    elements.push(
      /^[A-Za-z0-9._:/+=-]{1,128}$/.test(id)
        ? { type: 'mrkdwn' as const, text: `Correlation ID \`${id}\``, verbatim: true }
        : plainText(`Correlation ID ${clamp(defang(id), 128)}`),
    );
  }
  return elements.length > 0 ? [{ type: 'context', elements }] : [];
}
