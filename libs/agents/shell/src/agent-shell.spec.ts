import { beforeEach, describe, expect, test } from '@jest/globals';
import { AgentCore } from '#libs/agents/core';
import type { CallResult, ContainerHint, InventoryItem, RuntimeCall } from '#libs/agents/core';
import type { InstanceDescription } from '#libs/agents/protocol';
import type { Clock } from '#libs/kernel';
import { AgentShell } from './agent-shell.ts';

const DESCRIPTION: InstanceDescription = {
  sessionId: 'session-1',
  resources: { cpu: 1024, memory: 1024, reservedTcpPorts: [], reservedUdpPorts: [] },
  attributes: [],
  versionInfo: { agentVersion: '1.0.0', dockerVersion: '1' },
  hostname: 'host',
};
const TASK_ID = '0'.repeat(32);
const ARN = 'arn:aws:ecs:us-east-1:000000000000:task-definition/web:1';
const DEFINITION = {
  taskDefinitionArn: ARN,
  family: 'web',
  revision: 1,
  placementConstraints: [],
  containerDefinitions: [
    { name: 'app', image: 'web:1', cpu: 0, memory: 1, essential: true, portMappings: [], environment: [] },
  ],
};
const TASK = {
  taskId: TASK_ID,
  taskArn: `arn:aws:ecs:us-east-1:000000000000:task/default/${TASK_ID}`,
  desiredStatus: 'RUNNING',
  lastStatus: 'PENDING',
  taskDefinitionArn: ARN,
  group: 'family:web',
  containerOverrides: [],
};

/** Turns and timers that the test lets happen. */
class TestClock implements Clock {
  ms = 1_000_000;
  readonly #soon: (() => void)[] = [];
  timers: { readonly at: number; readonly act: () => void }[] = [];

  wall(): number {
    return this.ms;
  }

  monotonic(): number {
    return this.ms;
  }

  after(delayMs: number, act: () => void): () => void {
    const timer = { at: this.ms + delayMs, act };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  soon(act: () => void): void {
    this.#soon.push(act);
  }

  turn(): void {
    for (let act = this.#soon.shift(); act !== undefined; act = this.#soon.shift()) act();
  }

  elapse(ms: number): void {
    this.ms += ms;
    const due = this.timers.filter(({ at }) => at <= this.ms);
    this.timers = this.timers.filter(({ at }) => at > this.ms);
    for (const { act } of due) act();
    this.turn();
  }
}

class World {
  readonly clock = new TestClock();
  readonly asked: { readonly question: string; readonly number: number; readonly request: unknown }[] = [];
  readonly beats: unknown[] = [];
  readonly calls: RuntimeCall[] = [];
  readonly notes: string[] = [];
  served = 0;
  description: InstanceDescription | null = DESCRIPTION;
  performed: (result: CallResult) => void = () => {};
  listed: (items: readonly InventoryItem[] | null) => void = () => {};
  happens: (hint: ContainerHint) => void = () => {};
  readonly shell: AgentShell;

  constructor() {
    this.shell = new AgentShell({
      core: new AgentCore({ cluster: 'default', instanceId: 'i1', sessionId: 'session-1', startsInFlightMax: 2 }),
      wire: {
        ask: (question, number, request) => void this.asked.push({ question, number, request }),
        heartbeat: (beat) => void this.beats.push(beat),
      },
      runtime: {
        perform: (call, done) => {
          this.calls.push(call);
          this.performed = done;
        },
        list: (done) => {
          this.listed = done;
        },
        listen: (onEvent) => {
          this.happens = onEvent;
        },
      },
      describe: (done) => done(this.description),
      clock: this.clock,
      notes: { note: (level, _facts, text) => void this.notes.push(`${level}: ${text}`) },
      onServing: () => {
        this.served += 1;
      },
    });
  }

  /** Answers the newest question. */
  answer(body: unknown): void {
    const { question, number } = this.asked.at(-1) ?? { question: '', number: 0 };
    this.shell.answered(question as 'wanted', number, body);
    this.clock.turn();
  }

  start(): void {
    this.shell.start();
    this.shell.connectionUp();
    this.clock.turn();
    this.listed([]);
    this.clock.turn();
  }

  serve(tasks: readonly unknown[] = []): void {
    this.start();
    this.answer({ version: 1, tasks, next: null });
    this.answer({ containerInstanceArn: 'arn', term: 1, heartbeatIntervalSeconds: 2 });
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

describe('the shell of an agent', () => {
  test('reads the set, opens the session with what the host offers, and serves', () => {
    world.start();
    expect(world.asked).toMatchObject([{ question: 'wanted', request: { after: null } }]);
    world.answer({ version: 1, tasks: [], next: null });
    expect(world.asked.at(-1)).toMatchObject({
      question: 'session',
      request: { ...DESCRIPTION, wanted: { version: 1 } },
    });
    expect(world.served).toBe(0);
    world.answer({ containerInstanceArn: 'arn', term: 1, heartbeatIntervalSeconds: 2 });
    expect(world.served).toBe(1);
    expect(world.shell.isServing).toBe(true);
    world.clock.elapse(2_000);
    expect(world.beats).toEqual([{ sessionId: 'session-1', version: 1 }]);
  });

  test('opens no session while its runtime does not answer, and tries again', () => {
    world.description = null;
    world.start();
    world.answer({ version: 1, tasks: [], next: null });
    expect(world.asked.map(({ question }) => question)).toEqual(['wanted']);
    world.description = DESCRIPTION;
    world.clock.elapse(1_000);
    expect(world.asked.map(({ question }) => question)).toEqual(['wanted', 'wanted']);
  });

  test('asks for definitions, performs one step after the other, and reports what they came to', () => {
    world.serve([TASK]);
    expect(world.asked.at(-1)).toMatchObject({ question: 'definitions', request: { taskDefinitionArns: [ARN] } });
    world.answer({ term: 1, taskDefinitions: { [ARN]: DEFINITION }, unknown: [] });
    expect(world.calls).toEqual([{ call: 'pull', image: { reference: 'web:1' } }]);
    world.performed({ kind: 'failed', name: 'CannotPullContainerError', detail: 'no such image', retry: false });
    world.clock.turn();
    expect(world.calls).toHaveLength(1);
    expect(world.asked.at(-1)).toMatchObject({
      question: 'report',
      request: {
        sessionId: 'session-1',
        reports: [{ taskId: TASK_ID, knownStatus: 'STOPPED', reason: 'CannotPullContainerError: no such image' }],
      },
    });
  });

  test.each([
    ['nothing', null],
    ['another message', { accepted: true, term: 1 }],
    ['a task without an id', { version: 1, tasks: [{ ...TASK, taskId: 7 }], next: null }],
  ])('an answer that is %s counts as lost', (_what, body) => {
    world.start();
    world.answer(body);
    expect(world.asked).toHaveLength(1);
    world.clock.elapse(1_000);
    expect(world.asked.map(({ question }) => question)).toEqual(['wanted', 'wanted']);
  });

  test('takes directives for its own session only', () => {
    world.serve();
    const directive = { term: 1, fromVersion: 1, toVersion: 2, tasks: [TASK] };
    const questions = world.asked.length;
    world.shell.directed({ ...directive, sessionId: 'session-2' });
    world.shell.directed({ ...directive, sessionId: 'session-1', tasks: [{}] });
    world.clock.turn();
    expect(world.asked).toHaveLength(questions);
    expect(world.notes).toEqual(['warn: a message of the control plane was not to be understood']);
    world.shell.directed({ ...directive, sessionId: 'session-1', aNewerMember: true });
    world.clock.turn();
    expect(world.asked.at(-1)).toMatchObject({ question: 'definitions' });
  });

  test('learns by a directive that another process has its session', () => {
    world.serve();
    world.shell.directed({ term: 1, sessionId: 'session-1', fenced: true });
    world.clock.turn();
    expect(world.shell.isServing).toBe(false);
    world.clock.elapse(2_000);
    expect(world.asked.at(-1)).toMatchObject({ question: 'wanted' });
  });

  test('has one timer, however much comes in', () => {
    world.serve();
    for (let i = 0; i < 100; i++) {
      world.happens({ taskId: TASK_ID, containerName: 'app' });
      world.clock.turn();
    }
    expect(world.clock.timers).toHaveLength(1);
  });

  test('drains: asks, reads the set again, and says once that nothing is left', () => {
    world.serve();
    const left: number[] = [];
    world.shell.drain(60_000, (tasksLeft) => void left.push(tasksLeft));
    world.clock.turn();
    expect(world.asked.at(-1)).toMatchObject({ question: 'drain', request: { sessionId: 'session-1' } });
    world.answer({ accepted: true, term: 1 });
    world.answer({ version: 1, tasks: [], next: null });
    expect(left).toEqual([]);
    world.answer({ containerInstanceArn: 'arn', term: 1, heartbeatIntervalSeconds: 2 });
    world.clock.elapse(60_000);
    expect(left).toEqual([0]);
  });

  test('does nothing once it is stopped', () => {
    world.serve();
    const questions = world.asked.length;
    world.shell.stop();
    world.shell.connectionLost();
    world.shell.connectionUp();
    world.clock.elapse(60_000);
    expect(world.asked).toHaveLength(questions);
    expect(world.beats).toEqual([]);
    expect(world.clock.timers).toEqual([]);
  });
});
