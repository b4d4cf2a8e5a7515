import { describe, expect, test } from '@jest/globals';
import { clusterShard } from '#libs/ecs/messages';
import type { ClusterEvent } from '#libs/ecs/messages';
import { ViewDirectory } from '#libs/ecs/views';
import { ecs } from './context.ts';

const locale = { account: '000000000000', region: 'us-east-1' };
const shard = clusterShard(locale.account, 'default');

/** Views of a log of the default cluster's shard, one commit per event. */
function viewsOf(...events: readonly ClusterEvent[]): ViewDirectory {
  const views = new ViewDirectory(locale);
  events.forEach((event, index) => {
    const decision = {
      commandId: `c${index}`,
      command: 'C',
      principal: 'p',
      source: 'writer',
      correlationId: 'c',
    } as const;
    const at = 1_800_000_000_000;
    views.apply({
      v: 1,
      deciderVersion: 1,
      shard,
      term: 1,
      revision: index + 1,
      prevHash: 'p',
      hash: 'h',
      at,
      decisions: [{ ...decision, causationId: null, at, events: [event] }],
    });
  });
  return views;
}

const termStarted: ClusterEvent = { type: 'TermStarted', v: 1, term: 1 };
const created: ClusterEvent = {
  type: 'ClusterCreated',
  v: 1,
  clusterName: 'default',
  clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/default',
  settings: [],
  capacityProviders: [],
  defaultCapacityProviderStrategy: [],
  tags: [],
};

const deleted: ClusterEvent = { type: 'ClusterDeleted', v: 1, expiresAt: 1_800_000_060_000 };

describe('what a new installation must have', () => {
  test.each([
    ['there is no shard', []],
    ['its first writer ended before the cluster was recorded', [termStarted]],
  ])('a cluster named default: %s', (_what, events) => {
    expect(ecs.setup(viewsOf(...events))).toMatchObject([{ shard, command: { type: 'CreateCluster' } }]);
  });

  test.each([
    ['it is there', [termStarted, created]],
    ['it was deleted', [termStarted, created, deleted]],
  ])('nothing more when %s', (_what, events) => {
    expect(ecs.setup(viewsOf(...events))).toEqual([]);
  });
});
