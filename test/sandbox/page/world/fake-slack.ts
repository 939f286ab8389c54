import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { bot, channels, people, userGroups, workspace } from '#sandbox/cast.ts';
import type { Listener } from '#sandbox/page/page-parts.ts';
import type {
  ClientAct,
  ClientChannel,
  ClientMessage,
  ClientModal,
  ClientSnapshot,
} from '#sandbox/slack/client-contract.ts';
import { cannedMessages } from './canned-messages.ts';
import { homeView } from './canned-views.ts';

export type ActAnswer = { ok: boolean; error?: string; [key: string]: unknown };

/** A stand-in for the local Slack: it holds canned messages and lets the test decide what an act does. */
export class FakeSlack {
  messages: ClientMessage[] = cannedMessages();
  modals: ClientModal[] = [];
  /** Everything that the page did, oldest first. */
  acts: ClientAct[] = [];
  hasHome = true;
  onAct: (act: ClientAct) => ActAnswer | Promise<ActAnswer> = () => ({ ok: true });
  #streams = new Set<ServerResponse>();
  #count = 500;

  listener: Listener = async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (url.pathname === '/client/changes') return this.#stream(request, response);
    response.setHeader('Content-Type', 'application/json');
    if (url.pathname === '/client/snapshot') {
      return response.end(JSON.stringify(this.snapshot(url.searchParams.get('as') ?? '')));
    }
    const act = (await json(request)) as ClientAct;
    this.acts.push(act);
    const answer = await this.onAct(act);
    response.end(JSON.stringify(answer));
    this.change();
  };

  /** Adds a message now. */
  say(channel: string, user: string, text: string, more: Partial<ClientMessage> = {}): ClientMessage {
    this.#count += 1;
    const ts = `${Math.floor(Date.now() / 1000)}.${String(this.#count).padStart(6, '0')}`;
    const message = { ts, channel, user, text, isEphemeral: false, replyCount: 0, isForMe: false, ...more };
    this.messages.push(message);
    this.change();
    return message;
  }

  change(): void {
    for (const stream of this.#streams) stream.write('data: changed\n\n');
  }

  snapshot(as: string): ClientSnapshot {
    const cast = Object.values(people);
    const me = cast.find((person) => person.id === as) ?? people.sam;
    const rooms: ClientChannel[] = [
      ...channels.map((channel) => ({
        ...channel,
        kind: 'channel' as const,
        isPrivate: false,
        topic: '',
        latestTs: this.#latest(channel.id),
      })),
      {
        id: `D0LUCY${me.handle}`,
        name: 'lucy',
        kind: 'dm',
        isPrivate: true,
        topic: '',
        withUser: bot.userId,
        hasBot: true,
        latestTs: null,
      },
      ...cast
        .filter((person) => person !== me)
        .map((person) => ({
          id: `D0${person.handle}`,
          name: person.handle,
          kind: 'dm' as const,
          isPrivate: true,
          topic: '',
          withUser: person.id,
          hasBot: false,
          latestTs: null,
        })),
    ];
    return {
      as: me,
      people: cast,
      groups: userGroups.map(({ members, ...group }) => ({ ...group, isMine: members.includes(me.id) })),
      bot: { userId: bot.userId, name: bot.name },
      team: { id: workspace.teamId, name: workspace.teamName },
      channels: rooms,
      others: [],
      messages: this.messages,
      modal: this.modals.at(-1) ?? null,
      home: this.hasHome ? homeView(me.realName) : null,
      commands: [{ command: '/lucy', description: 'Ask Lucy', usageHint: '[command]' }],
      shortcuts: [],
    };
  }

  #latest(channel: string): string | null {
    return this.messages.filter((message) => message.channel === channel).at(-1)?.ts ?? null;
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': open\n\n');
    this.#streams.add(response);
    request.on('close', () => this.#streams.delete(response));
  }
}
