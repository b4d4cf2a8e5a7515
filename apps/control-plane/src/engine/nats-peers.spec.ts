import { describe, expect, test } from '@jest/globals';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { ecs } from '#contexts/ecs';
import type { Engine } from '#libs/engine';
import type { CommandAnswer, CommandRequest, ContextRejection, DomainCommand } from '#libs/kernel';
import { MESSAGE_BYTES_MAX, shards } from '#libs/subjects';
import { pino } from 'pino';
import { NatsPeers, PeerCommands } from './nats-peers.ts';

const SHARD = 'ecs.000000000000.default';
const LOCALE = { account: '000000000000', region: 'us-east-1' };
const log = pino({ level: 'silent' });

const command = (changes: object = {}): CommandRequest<DomainCommand> => ({
  commandId: 'c1',
  command: { type: 'DeleteCluster', ...changes },
  principal: 'p',
  source: 'nats',
  correlationId: 'c1',
  causationId: null,
});

describe('a command for the writer in another process', () => {
  const submit = (request: (subject: string) => Promise<{ json(): unknown }>, shard: string, changes?: object) => {
    const nc = { request } as unknown as NatsConnection;
    const peers = new NatsPeers(nc, (name) => ecs.shardKinds.find((kind) => kind.owns(name, LOCALE)));
    return new Promise<CommandAnswer<ContextRejection>>((resolve) => peers.submit(shard, command(changes), resolve));
  };
  const unreachable = (): Promise<never> => Promise.reject(new Error('timeout'));

  test('gets what the writer answers', async () => {
    const answer = { kind: 'accepted', revision: 3, answer: null };
    const asked: string[] = [];
    const request = (subject: string) => {
      asked.push(subject);
      return Promise.resolve({ json: () => answer });
    };
    expect(await submit(request, SHARD)).toEqual(answer);
    expect(asked).toEqual([shards.command(SHARD)]);
  });

  test('may have been stored when no answer comes', async () => {
    expect(await submit(unreachable, SHARD)).toMatchObject({ kind: 'indeterminate' });
  });

  test('is rejected, in the words of its context, when it is larger than a message may be', async () => {
    const answer = await submit(unreachable, SHARD, { reason: 'x'.repeat(MESSAGE_BYTES_MAX) });
    expect(answer).toMatchObject({ kind: 'rejected', rejection: { code: 'InvalidParameter' } });
  });

  test('goes nowhere when its shard is of no kind here', async () => {
    expect(await submit(unreachable, 'ecs.111111111111.default')).toMatchObject({ kind: 'unavailable' });
  });
});

describe('commands of other processes', () => {
  function receive(isLeading: boolean, payload: string): { submitted: string[]; answered: unknown[] } {
    const submitted: string[] = [];
    const answered: unknown[] = [];
    let deliver = (_error: Error | null, _message: Msg): void => {};
    const nc = {
      subscribe: (_subject: string, { callback }: { callback: typeof deliver }) => {
        deliver = callback;
        return { unsubscribe: () => {} };
      },
    } as unknown as NatsConnection;
    const host = {
      isLeading,
      submit: (shard: string, _request: unknown, reply: (answer: object) => void) => {
        submitted.push(shard);
        reply({ kind: 'accepted', revision: 1, answer: null });
      },
    };
    new PeerCommands(nc, { host } as unknown as Engine, log).open();
    const message = {
      subject: shards.command(SHARD),
      json: () => JSON.parse(payload) as unknown,
      respond: (body: Uint8Array) => answered.push(JSON.parse(Buffer.from(body).toString())),
    };
    deliver(null, message as unknown as Msg);
    return { submitted, answered };
  }

  test('are answered by the process that writes', () => {
    const { submitted, answered } = receive(true, JSON.stringify(command()));
    expect(submitted).toEqual([SHARD]);
    expect(answered).toEqual([{ kind: 'accepted', revision: 1, answer: null }]);
  });

  test('are left to the others by one that does not write', () => {
    expect(receive(false, JSON.stringify(command()))).toEqual({ submitted: [], answered: [] });
  });

  test.each([
    '',
    'null',
    '{}',
    JSON.stringify({ ...command(), command: null }),
    JSON.stringify({ ...command(), source: 'x' }),
  ])('that are none do nothing: %s', (payload) => {
    expect(receive(true, payload)).toEqual({ submitted: [], answered: [] });
  });
});
