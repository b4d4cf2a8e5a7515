import { beforeEach, describe, expect, test } from '@jest/globals';
import { Shell } from '../../spec/counter.ts';
import { AGENT_COMMANDS_QUEUED_MAX, CALLER_COMMANDS_QUEUED_MAX } from './command-queue.ts';

/* The counter refuses above 2,000, so commands that only have to be counted add nothing. */
let shell: Shell;
beforeEach(() => {
  shell = new Shell();
  // Its term is not durable yet: everything waits.
  shell.writer.start(1_000, 'w1');
});

function ask(count: number, source: 'aws' | 'agent' | 'clock'): void {
  for (let i = 0; i < count; i++) shell.command({ type: 'Add', times: 0 }, `${source}-${i}`, 1_000, source);
}

describe('a writer with more commands than it can decide', () => {
  test('throttles callers above the limit at once, and decides the others', () => {
    ask(CALLER_COMMANDS_QUEUED_MAX + 3, 'aws');
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['throttled', 'throttled', 'throttled']);
    shell.writer.appendDone({ kind: 'appended', streamRevision: 10 });
    expect(shell.answers.filter(({ kind }) => kind === 'accepted')).toHaveLength(CALLER_COMMANDS_QUEUED_MAX);
    expect(shell.writer.queueLength).toBe(0);
  });

  test('lets callers keep neither agents nor time waiting', () => {
    ask(CALLER_COMMANDS_QUEUED_MAX, 'aws');
    ask(AGENT_COMMANDS_QUEUED_MAX, 'agent');
    ask(1, 'clock');
    expect(shell.answers).toEqual([]);
    ask(1, 'agent');
    expect(shell.answers.map(({ kind }) => kind)).toEqual(['throttled']);
  });

  test('takes agents and callers in turn, time first, and each in its order', () => {
    shell.command({ type: 'Add', times: 1 }, 'aws-1', 1_000, 'aws');
    shell.command({ type: 'Add', times: 1 }, 'aws-2', 1_000, 'aws');
    shell.command({ type: 'Add', times: 1 }, 'aws-3', 1_000, 'nats');
    shell.command({ type: 'Add', times: 1 }, 'agent-1', 1_000, 'agent');
    shell.command({ type: 'Add', times: 1 }, 'clock-1', 1_000, 'clock');
    shell.writer.appendDone({ kind: 'appended', streamRevision: 10 });
    shell.writer.appendDone({ kind: 'appended', streamRevision: 11 });
    const decided = shell.committed.flatMap(({ commit }) => commit.decisions.map(({ commandId }) => commandId));
    expect(decided.slice(1)).toEqual(['clock-1', 'agent-1', 'aws-1', 'aws-2', 'aws-3']);
  });

  test('frees everybody who waits when it stops, each once', () => {
    ask(5, 'aws');
    shell.writer.stop('the lease is gone');
    expect(shell.answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'unavailable'));
  });
});
