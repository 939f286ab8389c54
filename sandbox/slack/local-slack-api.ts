import type { SlackContext } from './context.ts';
import type { Listener } from './http/slack-listener.ts';
import type { Listeners } from './listeners.ts';
import type { LocalSlack } from './local-slack.ts';
import { eventCallback } from './payloads/event.ts';
import { personApi } from './person/person-api.ts';
import { seenMessages } from './person/seen.ts';
import { waitFor } from './wait-for.ts';
import {
  addChannel,
  addPerson,
  archiveChannel,
  setBotMembership,
  setGroupDisabled,
  setGroupMembers,
  setUser,
} from './workspace-changes.ts';
import { findChannel } from './world/find.ts';

type Parts = { url: string; client: Listener; changes: Listeners; close: () => Promise<void> };

/** The local Slack's parts as one object for tests and for the sandbox. */
export function localSlackApi(context: SlackContext, { url, client, changes, close }: Parts): LocalSlack {
  const { world, courier, hub, events, faults, activity, wire } = context;
  return {
    url,
    apiUrl: `${url}/api/`,
    as: (idOrHandle) => personApi(context, idOrHandle),
    messages: (name) => {
      const channel = findChannel(world, name);
      if (!channel) throw new Error(`There is no channel ${name} in the sandbox.`);
      return seenMessages(world, channel.id, world.messages.get(channel.id) ?? []);
    },
    posts: context.posts,
    deliveries: courier.deliveries,
    replay: courier.replay,
    signedRequest: courier.sendSigned,
    sendEvent: (event) => events.send(eventCallback(world, event)),
    flushRetries: events.flushRetries,
    setGroupMembers: (handle, members) => setGroupMembers(context, handle, members),
    setGroupDisabled: (handle, isDisabled) => setGroupDisabled(context, handle, isDisabled),
    setUser: (idOrHandle, patch) => setUser(context, idOrHandle, patch),
    addPerson: (person) => addPerson(context, person),
    addChannel: (channel) => addChannel(context, channel),
    inviteBot: (name) => setBotMembership(context, name, true),
    removeBot: (name) => setBotMembership(context, name, false),
    archiveChannel: (name) => archiveChannel(context, name),
    setEditWindow: (ms) => {
      world.editWindowMs = ms;
    },
    faults,
    refreshSockets: (reason = 'refresh_requested') => hub.disconnect(reason),
    socketConnections: hub.connections,
    settled: (options) => activity.settled(options?.quietMs, options?.timeoutMs),
    waitFor: (predicate, options) =>
      waitFor(predicate, { onChange: changes.listen, timeoutMs: options?.timeoutMs ?? 20_000, wire }),
    clientListener: client,
    wire,
    onWire: wire.onEntry,
    onChange: changes.listen,
    close,
  };
}
