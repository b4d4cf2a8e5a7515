import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Which way something is lost: on its way to the server, or on its way back. */
export type LostOn = 'request' | 'answer';

/** A TCP line to a server on loopback that can lose what runs over it, and can be cut. */
export class FaultyLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #lost: Record<LostOn, Buffer[] | null> = { request: null, answer: null };
  #onLost: () => void = () => {};

  private constructor(targetPort: number) {
    this.#server = createServer((client) => {
      const upstream = connect(targetPort, '127.0.0.1');
      this.#join(client, upstream, 'request');
      this.#join(upstream, client, 'answer');
    });
  }

  /** @param url of the server, e.g. nats://127.0.0.1:4222 */
  static async open(url: string): Promise<FaultyLine> {
    const line = new FaultyLine(Number(new URL(url).port));
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  /** Port on loopback where the line begins. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Loses everything in one direction until that text was among it, and then cuts the line; new connections are whole. */
  async loseUntil(direction: LostOn, text: string): Promise<void> {
    const lost: Buffer[] = [];
    this.#lost[direction] = lost;
    await new Promise<void>((resolve) => {
      this.#onLost = () => {
        if (Buffer.concat(lost).includes(text)) resolve();
      };
    });
    this.cut();
    this.#lost[direction] = null;
  }

  /** Breaks every connection that runs over the line. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.#server.close();
    this.cut();
    await once(this.#server, 'close');
  }

  #join(from: Socket, to: Socket, direction: LostOn): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (data) => {
      const lost = this.#lost[direction];
      if (lost === null) {
        to.write(data);
      } else {
        lost.push(data);
        this.#onLost();
      }
    });
    // A broken end breaks the other one; the error itself is the fault that was asked for.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
