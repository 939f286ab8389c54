import type { App } from '@slack/bolt';

/** What Lucy does not offer (external selects) is acknowledged all the same: Slack shows no error then. */
export function listenForOthers(app: App): void {
  app.options(/.*/, async ({ ack }) => ack({ options: [] }));
}
