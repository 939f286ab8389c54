import type { App } from '@slack/bolt';

/** What Lucy does not offer (shortcuts, external selects) is acknowledged all the same: Slack shows no error then. */
export function listenForOthers(app: App): void {
  app.shortcut(/.*/, async ({ ack }) => ack());
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
}
