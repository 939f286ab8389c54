import type { Server } from 'node:http';

/** Listens where there is room, and says where: the line that `startServer` waits for. */
export function listenAndSay(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    process.stdout.write(`${JSON.stringify({ msg: 'listening', port })}\n`);
  });
}
