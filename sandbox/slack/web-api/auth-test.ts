import { bot, workspace } from '#sandbox/cast.ts';
import { type Method, ok } from './method.ts';

/** https://docs.slack.dev/reference/methods/auth.test */
export const authTest: Method = {
  scope: null,
  answer: () =>
    ok({
      url: `https://${workspace.domain}.slack.com/`,
      team: workspace.teamName,
      user: bot.name,
      team_id: workspace.teamId,
      user_id: bot.userId,
      bot_id: bot.botId,
      is_enterprise_install: false,
    }),
};
