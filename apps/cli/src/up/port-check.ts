import { once } from 'node:events';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Why we cannot listen on a loopback port, or null. Asked before the start, so that it is reported in one line. */
export async function portTrouble(port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ port, host: LOOPBACK, exclusive: true });
    await once(server, 'listening');
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return `port ${port} is in use by another program`;
    if (code === 'EACCES') return `port ${port} is not for ordinary users`;
    throw error;
  } finally {
    server.close();
  }
}
