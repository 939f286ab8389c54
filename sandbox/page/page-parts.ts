import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireEntry } from '#sandbox/slack/client-contract.ts';

/** A plain node:http listener: what the local Slack and the local Stripe hand to the page. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Something that remembers what crossed the wire. `onChange` answers with the way to stop listening. */
export type WireSource = {
  entries(): readonly WireEntry[];
  onChange(listener: () => void): () => void;
};

/** One of Lucy's own commands, as a person types it: `credits grant EMAIL COUNT`. */
export type LucyCommand = { usage: string; summary: string };

/** The parts of the sandbox that the page shows. */
export type PageParts = {
  /** Answers /client/*. */
  slack: Listener;
  /** Answers /stripe/*. */
  stripe: Listener;
  /** Answers /story; without it the Stripe tab shows none. */
  story?: Listener;
  /** Answers /mailbox and /mailbox/*; without it the Mailbox tab says that there is none. */
  mailbox?: Listener;
  wire: readonly WireSource[];
  /** A function, because Lucy's commands may be known only after the page is up. */
  lucyCommands: () => readonly LucyCommand[];
};
