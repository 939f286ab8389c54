import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ClientChannel, ClientPerson, ClientSnapshot } from '../../../slack/client-contract.ts';
import type { Act, ActAnswer } from './act.ts';
import type { Place } from './place.ts';

/** What every part of the page may see and do. */
export type Client = {
  snapshot: ClientSnapshot;
  place: Place;
  lucyCommands: readonly { usage: string; summary: string }[];
  go: (change: Partial<Place>) => void;
  /** Acts as the present person; a failure is also shown over the page. */
  act: (act: Act) => Promise<ActAnswer>;
  /** Shows a sentence over the page for a moment. */
  tell: (sentence: string) => void;
};

export const ClientContext = createContext<Client | null>(null);

/** What every component of the page may see and do. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('This component is drawn outside the page.');
  return client;
}

/** Someone's name for display; Lucy is a person here too. */
export function nameOf(snapshot: ClientSnapshot, id: string): string {
  if (id === snapshot.bot.userId) return 'Lucy';
  if (id === 'USLACKBOT') return 'Slackbot';
  return personOf(snapshot, id)?.realName ?? id;
}

/** The person with this id; Lucy is not among the people. */
export function personOf(snapshot: ClientSnapshot, id: string): ClientPerson | undefined {
  return snapshot.people.find((person) => person.id === id);
}

/** The channel that a spot in the address means; Lucy's own messages are her direct message. */
export function channelAt(snapshot: ClientSnapshot, spot: string): ClientChannel | undefined {
  return snapshot.channels.find((channel) => spotOf(snapshot, channel) === spot);
}

/** The spot in the address that leads to a channel. */
export function spotOf(snapshot: ClientSnapshot, channel: ClientChannel): string {
  if (channel.kind === 'channel') return channel.name;
  if (channel.withUser === snapshot.bot.userId) return 'app-messages';
  const other = personOf(snapshot, channel.withUser ?? '');
  return `dm-${other?.handle ?? channel.id}`;
}
