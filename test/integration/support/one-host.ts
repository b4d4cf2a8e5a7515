import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '#libs/platform';
import { freeRange } from '#libs/testing';
import { RunningCli } from '../../../apps/cli/spec/running-cli.ts';
import { ecsCall } from './ecs-call.ts';
import { removeLeftovers } from './stack-leftovers.ts';

const CALL = { timeoutMs: 30_000 };

/** A `waybill up` in a folder and with a network of its own, called over NATS. */
export class OneHost {
  readonly #folder: string;
  readonly #network: string;
  readonly #up: RunningCli;
  readonly #nc: NatsConnection;

  private constructor(folder: string, network: string, up: RunningCli, nc: NatsConnection) {
    this.#folder = folder;
    this.#network = network;
    this.#up = up;
    this.#nc = nc;
  }

  /** @param env settings of the control plane and the agent */
  static async start(env: NodeJS.ProcessEnv = {}): Promise<OneHost> {
    const folder = await mkdtemp(path.join(tmpdir(), 'waybill-one-host-'));
    const network = `wbo-${randomBytes(4).toString('hex')}`;
    const up = new RunningCli(path.join(folder, 'home'), ['up', '--port', '0'], {
      env: { WAYBILL_VPC_NAME: network, WAYBILL_VPC_CIDR: freeRange(), ...env },
    });
    await up.says(/^Waybill is ready at /m);
    const { stdout } = await up.cli('env', '-o', 'json');
    const {
      NATS_URL: url = '',
      NATS_USER: user = '',
      NATS_PASSWORD: password = '',
    } = JSON.parse(stdout) as Record<string, string>;
    return new OneHost(folder, network, up, await connectNats({ name: 'test', url, user, password }));
  }

  /** @throws Refusal */
  ecs<Output>(operation: string, input: object): Promise<Output> {
    return ecsCall<Output>(this.#nc, operation, input, CALL);
  }

  async stop(): Promise<void> {
    await this.#nc.close();
    await this.#up.end('SIGTERM');
    await removeLeftovers(this.#up.home, this.#network);
    await rm(this.#folder, { recursive: true });
  }
}
