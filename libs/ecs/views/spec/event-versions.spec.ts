import { describe, expect, test } from '@jest/globals';
import { ACCOUNT_EVENTS, CLUSTER_EVENTS } from '#libs/ecs/messages';
import { EventUnknown } from '#libs/kernel';
import type { DomainEvent, EventCatalogue, EventVersions } from '#libs/kernel';
import { HistoryFold, historySubject } from '../src/index.ts';
import { CommitView } from '../src/view/commit-view.ts';
import { CLUSTER_ARN, make, ShardLog, withEvents } from './log-builder.ts';

/* Whatever an older version recorded is read as today's; whatever a newer one did stops the reader. */

interface Named extends DomainEvent {
  readonly type: 'Named';
  readonly v: 2;
  readonly name: string;
}

const catalogue: EventCatalogue<Named> = {
  Named: { v: 2, upcasters: [({ label, ...rest }) => ({ ...rest, name: String(label) })] },
};

class NameView extends CommitView<Named> {
  readonly names: string[] = [];

  override viewContent(): object {
    return this.names;
  }

  protected override applyEvent({ name }: Named): void {
    this.names.push(name);
  }

  protected override timePassed(): void {}
}

const commitOf = (...events: readonly DomainEvent[]): ReturnType<typeof withEvents> =>
  withEvents(ShardLog.ofCluster().commit([]), events);

const older = { type: 'Named', v: 1, label: 'web' };
const newer = { type: 'Named', v: 3, fullName: 'web' };

describe('a view', () => {
  test('is given older events as they are recorded today', () => {
    const view = new NameView(ShardLog.ofCluster().shard, catalogue);
    expect(view.applyCommit(commitOf(older, { type: 'Named', v: 2, name: 'api' } as Named))).toBe('applied');
    expect(view.names).toEqual(['web', 'api']);
  });

  test.each([newer, { type: 'Renamed', v: 1 }])('stops at %j', (event) => {
    const view = new NameView(ShardLog.ofCluster().shard, catalogue);
    expect(view.applyCommit(commitOf(older, event))).toBe('halted');
    expect(view.names).toEqual([]);
    expect(view.halted?.error).toContain('is unknown to this version');
  });
});

describe('a history', () => {
  const subject = historySubject(CLUSTER_ARN);
  if (subject === undefined) throw new Error('no subject');
  const created = make.clusterCreated();

  test('is told from older events as they are recorded today', () => {
    const events = {
      ...CLUSTER_EVENTS,
      ClusterCreated: { v: 2, upcasters: [({ name, ...others }) => ({ ...others, clusterName: `${String(name)}-2` })] },
    } as EventCatalogue<DomainEvent>;
    const fold = new HistoryFold(subject, () => events);
    const entries = fold.apply(commitOf(Object.assign({ name: 'default' }, created)));
    expect(entries.map(({ summary }) => summary)).toEqual(['cluster default-2 created']);
  });

  test.each([
    { ...created, v: 2 },
    { type: 'ClusterPaused', v: 1 },
  ])('stops at %j', (event) => {
    expect(() => new HistoryFold(subject).apply(commitOf(event))).toThrow(EventUnknown);
  });
});

describe('the catalogue', () => {
  test.each(Object.entries({ ...CLUSTER_EVENTS, ...ACCOUNT_EVENTS }))('reads every version of %s', (_type, known) => {
    const { v, upcasters = [] }: EventVersions = known;
    expect(upcasters).toHaveLength(v - 1);
  });
});
