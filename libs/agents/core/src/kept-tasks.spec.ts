import { describe, expect, test } from '@jest/globals';
import { taskIdOf, wantedTask } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent } from '../spec/scripted-agent.ts';
import { KeptTasks } from './kept-tasks.ts';
import { STOPPED_TASKS_KEPT_MAX } from './limits.ts';

const ended = (stoppedAt: number) => ({ known: { stoppedAt } });

describe('tasks that have ended', () => {
  test('of more than so many the longest ended one goes, in whatever order they are found', () => {
    const kept = new KeptTasks(2);
    const [first, second, third] = [ended(1), ended(2), ended(3)];
    expect([kept.add(third), kept.add(first)]).toEqual([undefined, undefined]);
    expect(kept.add(second)).toBe(first);
    const fourth = ended(0);
    expect(kept.add(fourth)).toBe(fourth);
    kept.delete(second);
    expect(kept.add(ended(4))).toBeUndefined();
  });
});

describe('their containers', () => {
  test('a crash loop leaves the newest so many on the host until their time is up', () => {
    const agent = new ScriptedAgent(new ModelRuntime(), { stoppedTasksKeptMax: 3 });
    agent.runtime.isShortLived = () => true;
    agent.start(1);
    for (let index = 1; index <= 10; index++) {
      agent.core.assign(assignMessage(index, index + 1, wantedTask({ taskId: taskIdOf(index) })), agent.now);
      agent.settle();
      agent.takeAllReports();
      agent.elapse(1000);
    }
    const left = [...agent.runtime.containers.values()].map(({ taskId }) => taskId);
    expect(left).toEqual([taskIdOf(8), taskIdOf(9), taskIdOf(10)]);
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
  });

  test('those whose end the log does not have stay, however many they are', () => {
    const agent = new ScriptedAgent(new ModelRuntime(), { stoppedTasksKeptMax: 1 });
    agent.runtime.isShortLived = () => true;
    agent.start(1, ...[1, 2, 3].map((index) => wantedTask({ taskId: taskIdOf(index) })));
    agent.elapse(1000);
    expect(agent.runtime.containers.size).toBe(3);
    agent.takeAllReports();
    agent.elapse(10_000);
    agent.takeAllReports();
    agent.settle();
    expect(agent.runtime.containers.size).toBe(1);
  });

  test('a thousand that an earlier process has left are cleaned up, by number and by age', () => {
    const before = new ScriptedAgent(new ModelRuntime(), { stoppedTasksKeptMax: 1000 });
    before.runtime.isShortLived = () => true;
    before.start(1);
    for (let index = 1; index <= 1000; index++) {
      before.core.assign(assignMessage(index, index + 1, wantedTask({ taskId: taskIdOf(index) })), before.now);
      before.settle();
      before.now += 10;
    }
    expect(before.runtime.containers.size).toBe(1000);
    const agent = new ScriptedAgent(before.runtime, { sessionId: 'session-2' });
    agent.now = before.now;
    agent.start(2000);
    const left = [...agent.runtime.containers.values()].map(({ taskId }) => taskId);
    expect(left).toEqual(
      Array.from({ length: STOPPED_TASKS_KEPT_MAX }, (_, index) => taskIdOf(1001 - STOPPED_TASKS_KEPT_MAX + index)),
    );
    agent.elapse(60_000);
    expect(agent.runtime.containers.size).toBe(0);
  });
});
