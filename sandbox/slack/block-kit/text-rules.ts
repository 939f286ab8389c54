import { boolean, optional, type Rule, required, type ShapeRule, shape, string, typed } from './rule.ts';

/** Text objects (slack-facts section 2): `emoji` belongs to plain_text only, `verbatim` to mrkdwn only. */
const plainShape = (max: number): ShapeRule =>
  shape({ text: required(string(max)), emoji: optional(boolean) });
const mrkdwnShape = (max: number): ShapeRule =>
  shape({ text: required(string(max)), verbatim: optional(boolean) });

export const plainText = (max: number): Rule => typed({ plain_text: plainShape(max) });

/** Either kind. Slack tries both schemas, and so announces the mismatch before the reason. */
export const anyText = (max: number): Rule =>
  typed({ plain_text: plainShape(max), mrkdwn: mrkdwnShape(max) }, true);

/** Text objects as elements of a context block. */
export const textShapes = { plain_text: plainShape(3000), mrkdwn: mrkdwnShape(3000) };
