import { describe, expect, test } from '@jest/globals';
import type { AssignTask, WantedTask } from '#libs/ecs/messages';
import { jsonBytes } from '#libs/kernel';
import { assignMessages } from './assign-messages.ts';

const wanted = (taskId: string, desiredStatus: WantedTask['desiredStatus'] = 'RUNNING'): WantedTask => ({
  taskId,
  taskArn: `arn:aws:ecs:us-east-1:000000000000:task/c/${taskId}`,
  desiredStatus,
  lastStatus: 'PENDING',
  taskDefinitionArn: 'web:1',
  group: 'family:web',
  containerOverrides: [],
});

const assign = (instanceId: string, version: number, task: WantedTask, sessionId = 's1'): AssignTask => ({
  kind: 'assign',
  instanceId,
  sessionId,
  version,
  task,
});

describe('directives of one commit', () => {
  test('are one message per instance, with the last word on each task', () => {
    const effects = [
      assign('a', 4, wanted('t1')),
      assign('b', 1, wanted('t2')),
      assign('a', 5, wanted('t3')),
      assign('a', 6, wanted('t1', 'STOPPED')),
    ];
    const messages = assignMessages(effects, 7);
    expect([...messages.keys()]).toEqual(['a', 'b']);
    expect(messages.get('a')).toEqual([
      { term: 7, sessionId: 's1', fromVersion: 3, toVersion: 6, tasks: [wanted('t1', 'STOPPED'), wanted('t3')] },
    ]);
  });

  test('are several messages without a gap where one would be too large', () => {
    const bytesMax = 1_000;
    const effects = Array.from({ length: 50 }, (_, i) => assign('a', 10 + i, wanted(`t${i}`)));
    const messages = assignMessages(effects, 7, bytesMax).get('a') ?? [];
    expect(messages.length).toBe(10);
    let version = 9;
    for (const { fromVersion, toVersion, tasks } of messages) {
      expect(fromVersion).toBe(version);
      expect(toVersion - fromVersion).toBe(tasks.length);
      expect(tasks.reduce((sum, task) => sum + jsonBytes(task), 0)).toBeLessThanOrEqual(bytesMax);
      version = toVersion;
    }
    expect(version).toBe(59);
  });

  test('are one message per session: an earlier process must not act on what a later one is sent', () => {
    const effects = [assign('a', 4, wanted('t1')), assign('a', 5, wanted('t2'), 's2')];
    expect(assignMessages(effects, 7).get('a')).toEqual([
      { term: 7, sessionId: 's1', fromVersion: 3, toVersion: 4, tasks: [wanted('t1')] },
      { term: 7, sessionId: 's2', fromVersion: 4, toVersion: 5, tasks: [wanted('t2')] },
    ]);
  });

  test('a single task goes whatever its size', () => {
    expect(assignMessages([assign('a', 1, wanted('t'))], 7, 1).get('a')).toHaveLength(1);
  });
});
