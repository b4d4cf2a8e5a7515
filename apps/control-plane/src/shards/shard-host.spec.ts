import { beforeEach, describe, expect, test } from '@jest/globals';
import { arns, clusterShard } from '#libs/ecs/messages';
import type { CreateCluster } from '#libs/ecs/messages';
import { InMemoryEventStore } from '#libs/event-store';
import { pino } from 'pino';
import { ShardHost } from './shard-host.ts';

const ACCOUNT = '000000000000';

function create(clusterName: string, changes: Partial<CreateCluster> = {}, shard = clusterShard(ACCOUNT, clusterName)) {
  const command: CreateCluster = {
    type: 'CreateCluster',
    clusterName,
    clusterArn: arns.cluster({ account: ACCOUNT, region: 'us-east-1' }, clusterName),
    ...changes,
  };
  const commandId = `create-${clusterName}-${Math.random()}`;
  return [
    clusterName,
    shard,
    {
      commandId,
      command,
      principal: 'tester',
      source: 'nats',
      correlationId: commandId,
      causationId: null,
    },
  ] as const;
}

describe('a shard without a log', () => {
  let store: InMemoryEventStore;
  let host: ShardHost;

  beforeEach(async () => {
    store = new InMemoryEventStore();
    host = new ShardHost({
      account: ACCOUNT,
      holder: 'test',
      store,
      witnesses: {
        read: () => Promise.resolve(null),
        write: () => Promise.resolve(),
        note: () => {},
        shards: () => Promise.resolve([]),
      },
      listener: {
        onClusterCommit: () => {},
        onAccountCommit: () => {},
        onClusterOpened: () => {},
        onShardHalted: () => {},
        onFatal: () => {},
      },
      log: pino({ level: 'silent' }),
    });
    await host.lead();
  });

  test('is not opened by a command that is refused', async () => {
    const before = await store.shards();
    const answers = await Promise.all([
      host.submitToCluster(...create('a', { settings: [{ name: 'unknown', value: 'on' }] })),
      host.submitToCluster(
        ...create('b', { tags: Array.from({ length: 51 }, (_, i) => ({ key: `${i}`, value: '' })) }),
      ),
      host.submitToCluster(...create('no name')),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await store.shards()).toEqual(before);
    expect(host.shells).toHaveLength(1);
  });

  test('is opened by one that is accepted, once', async () => {
    const answers = await Promise.all([host.submitToCluster(...create('a')), host.submitToCluster(...create('a'))]);
    expect(answers.map(({ kind }) => kind)).toEqual(['accepted', 'accepted']);
    expect(await store.shards()).toContain(clusterShard(ACCOUNT, 'a'));
    expect(host.shells).toHaveLength(2);
  });

  test('of another account is never opened', async () => {
    const answer = await host.submitToCluster(...create('a', {}, clusterShard('111111111111', 'a')));
    expect(answer.kind).toBe('unavailable');
    expect(await store.shards()).not.toContain(clusterShard('111111111111', 'a'));
  });
});
