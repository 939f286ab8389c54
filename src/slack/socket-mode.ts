import type { SocketModeReceiver } from '@slack/bolt';
import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';

export type SocketMode = { start(): void; stop(): Promise<void>; problem(): string | null };

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 30_000;

/** Keeps the socket open: the client reconnects by itself once it was connected, and here until then. */
export function createSocketMode(receiver: SocketModeReceiver, log: Log): SocketMode {
  let problem: string | null = 'not connected yet';
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  receiver.client.on('connected', () => {
    problem = null;
    log.info({ event: 'slack_socket_connected' }, 'Socket Mode is connected');
  });
  receiver.client.on('reconnecting', () => {
    problem = 'reconnecting';
  });

  async function connect(pauseMs: number): Promise<void> {
    if (isStopped) return;
    try {
      await receiver.start();
    } catch (error) {
      problem = errorMessage(error);
      log.warn({ event: 'slack_socket_failed', problem }, 'Socket Mode did not connect; trying again');
      timer = setTimeout(() => void connect(Math.min(pauseMs * 2, PAUSE_MAX_MS)), pauseMs);
      timer.unref();
    }
  }

  return {
    start: () => void connect(FIRST_PAUSE_MS),
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await receiver.stop().catch(() => {});
    },
    problem: () => problem,
  };
}
