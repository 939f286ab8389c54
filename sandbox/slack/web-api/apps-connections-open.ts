import { type Method, ok } from './method.ts';

/** https://docs.slack.dev/reference/methods/apps.connections.open: a one-time WebSocket address. */
export const appsConnectionsOpen: Method = {
  scope: null,
  token: 'app',
  answer: (_args, context) => {
    const path = context.hub.ticketPath(context.world.sequence.tail('ticket'));
    return ok({ url: `${context.settings.baseUrl().replace(/^http/, 'ws')}${path}` });
  },
};
