import { refusalOfMessageBlocks } from '../block-kit/check-message.ts';
import { codePoints } from '../block-kit/code-points.ts';
import type { Problem } from '../block-kit/rule.ts';
import { isRecord, type Json, textAt } from '../json.ts';
import type { Content } from '../world/messages.ts';
import { metadataRefusal } from './message-metadata.ts';

export type ContentRefusal = { error: string; problems: Problem[] };

/** Text is cut here (slack-facts section 3); attachments are refused above 100. */
const maxText = 40_000;
const maxAttachments = 100;

/** What a message will say, or why Slack refuses it. Checks what all roads to a message share. */
export function readContent(args: Json): Content | ContentRefusal {
  const content: Content = {};
  if (typeof args.text === 'string') content.text = clamp(args.text);
  if (typeof args.markdown_text === 'string') {
    if (content.text !== undefined || args.blocks !== undefined) return refuse('markdown_text_conflict');
    if (codePoints(args.markdown_text) > 12_000) return refuse('msg_too_long');
    content.text = args.markdown_text;
  }
  if (args.blocks !== undefined && args.blocks !== null) {
    const refusal = refusalOfMessageBlocks(args.blocks);
    if (refusal) return refusal;
    if (Array.isArray(args.blocks) && args.blocks.length > 0) content.blocks = args.blocks.filter(isRecord);
  }
  if (Array.isArray(args.attachments)) {
    if (args.attachments.length > maxAttachments) return refuse('too_many_attachments');
    content.attachments = args.attachments.filter(isRecord);
  }
  if (args.metadata !== undefined) {
    const refusal = metadataRefusal(args.metadata);
    if (refusal) return refuse(refusal);
    if (isRecord(args.metadata)) content.metadata = args.metadata;
  }
  const hasText = textAt(args, 'text') !== '' || textAt(args, 'markdown_text') !== '';
  if (!hasText && !content.blocks && !content.attachments?.length) return refuse('no_text');
  return content;
}

export const isRefusal = (read: Content | ContentRefusal): read is ContentRefusal => 'error' in read;

const refuse = (error: string): ContentRefusal => ({ error, problems: [] });

function clamp(text: string): string {
  return codePoints(text) > maxText ? [...text].slice(0, maxText).join('') : text;
}
