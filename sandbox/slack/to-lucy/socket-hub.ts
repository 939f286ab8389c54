import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { workspace } from '#sandbox/cast.ts';
import type { Answer, Outgoing } from './delivery.ts';
import { answerOf, createPendingAcks, noConnection } from './pending-acks.ts';
import { disconnectFrame, envelopeFrame, helloFrame } from './socket-frames.ts';

/** Socket Mode (slack-facts section 9). Once Lucy connected, nothing is delivered over HTTP any more. */
export type SocketHub = {
  /** Whether Lucy ever connected. */
  isOn(): boolean;
  connections(): number;
  /** A one-time path for the WebSocket. */
  ticketPath(tail: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends an envelope to one connection and waits for its ack. */
  send(outgoing: Outgoing, timeoutMs: number): Promise<Answer>;
  /** Asks every connection to come back, as Slack does every few hours. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  /** Cuts every connection without a word. */
  cut(): void;
  close(): void;
};

export function createSocketHub(): SocketHub {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open = new Set<WebSocket>();
  const acks = createPendingAcks();
  let isOn = false;
  let turn = 0;

  function welcome(socket: WebSocket): void {
    isOn = true;
    open.add(socket);
    socket.on('message', (data) => acks.read(data.toString()));
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => open.delete(socket));
    socket.send(helloFrame(open.size));
  }

  function cut(): void {
    for (const socket of open) socket.terminate();
    acks.giveUp();
  }

  return {
    isOn: () => isOn,
    connections: () => open.size,
    ticketPath(tail) {
      tickets.add(tail);
      return `/link/?ticket=${tail}&app_id=${workspace.appId}`;
    },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://sandbox');
      const isValid = url.pathname === '/link/' && tickets.delete(url.searchParams.get('ticket') ?? '');
      if (isValid) server.handleUpgrade(request, socket, head, welcome);
      else socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    },
    async send(outgoing, timeoutMs) {
      // Each payload goes to any one of the connections; here they take turns.
      const socket = [...open][turn++ % Math.max(1, open.size)];
      if (!socket) return answerOf(noConnection, 0);
      const id = randomUUID();
      socket.send(envelopeFrame(id, outgoing));
      const answer = await acks.wait(id, timeoutMs);
      // What Lucy adds to an ack that takes no payload is lost, as at Slack.
      return outgoing.envelope.acceptsPayload ? answer : { ...answer, body: '' };
    },
    disconnect(reason) {
      for (const socket of open) {
        socket.send(disconnectFrame(reason));
        if (reason !== 'warning') socket.close();
      }
    },
    cut,
    close() {
      cut();
      server.close();
    },
  };
}
