/**
 * What a button does, by the first word of its action id; the number behind it only makes ids unique within a block
 * (docs.slack.dev/reference/block-kit/block-elements). Words are never reused for something else: messages with old
 * buttons live as long as the workspace.
 */
export const actionKinds = [
  'confirm',
  'cancel',
  'run',
  'form',
  'menu',
  'share',
  'receipt',
  'approve',
  'deny',
  'withdraw',
] as const;
export type ActionKind = (typeof actionKinds)[number];

export function actionId(kind: ActionKind, index = 0): string {
  return `${kind}:${index}`;
}

/** Null for a button that this Lucy does not know, or not any more. */
export function actionKind(id: string): ActionKind | null {
  const word = id.split(':')[0];
  return actionKinds.find((kind) => kind === word) ?? null;
}
