import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { TASK_STATUS_RANK } from '#libs/ecs/messages';
import { taskIdOf } from '../spec/builders.ts';
import { ModelControlPlane } from '../spec/model-control-plane.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { AgentCore } from './agent-core.ts';
import type { AgentOutput } from './agent-output.ts';
import { PAUSE_CONTAINER_NAME } from './pause-container.ts';

const TASKS = 4;
/** A page of the wanted set, so that most sets have several. */
const PAGE_TASKS = 2;
/** The container of this task ends as soon as it runs. */
const SHORT_LIVED = 4;
/** Of the restart policy that one of the tasks has. */
const RESTART_PERIOD_MS = 60_000;
const index = fc.integer({ min: 1, max: TASKS });

/** What may happen in a bad world. Weights favour what makes progress, so that faults hit something. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('place' as const), index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), index }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver' as const), pick: fc.nat(), twice: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), pick: fc.nat() }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('answer' as const), pick: fc.nat(), lost: fc.constantFrom(0, 0, 0, 1, 2) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('exit' as const), pick: fc.nat(), hinted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('vanish' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'disconnect' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('elapse' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  // Without it few tasks would ever run while something can still happen to them.
  { weight: 6, arbitrary: fc.record({ do: fc.constant('calm' as const) }) },
);

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

class World {
  readonly runtime = new ModelRuntime();
  readonly control = new ModelControlPlane();
  /** Outputs of the living agent that are not answered yet. */
  #pending: AgentOutput[] = [];
  #core: AgentCore;
  #now = 1_000_000;
  #processes = 0;
  /** Task ids that the log had as RUNNING or later when a container of theirs was started. */
  readonly revived: string[] = [];
  /** Task ids of which a container was removed without the agent. */
  readonly vanished = new Set<string>();
  /** Task ids of which a container was removed though the log did not have their end. */
  readonly removedEarly: string[] = [];

  constructor() {
    this.runtime.isShortLived = (taskId) => taskId === taskIdOf(SHORT_LIVED);
    this.#core = this.#newProcess();
  }

  happen(event: Happening): void {
    switch (event.do) {
      case 'place':
        this.control.place(event.index);
        break;
      case 'stop':
        this.control.stop(event.index);
        break;
      case 'deliver': {
        const message = pick(this.control.published, event.pick);
        if (message === undefined) break;
        this.#core.assign(message, this.#now);
        if (!event.twice) this.control.published.splice(this.control.published.indexOf(message), 1);
        break;
      }
      case 'drop': {
        const message = pick(this.control.published, event.pick);
        if (message !== undefined) this.control.published.splice(this.control.published.indexOf(message), 1);
        break;
      }
      case 'answer': {
        const output = pick(this.#pending, event.pick);
        if (output === undefined) break;
        this.#pending.splice(this.#pending.indexOf(output), 1);
        this.#answer(output, event.lost);
        break;
      }
      case 'exit': {
        const container = pick([...this.runtime.containers.values()], event.pick);
        if (container === undefined) break;
        this.runtime.exit(container, 1, this.#now);
        if (event.hinted) this.#core.containerEvent(container, this.#now);
        break;
      }
      case 'vanish': {
        const container = pick([...this.runtime.containers.values()], event.pick);
        if (container === undefined) break;
        this.runtime.containers.delete(container.runtimeId);
        this.vanished.add(container.taskId);
        break;
      }
      case 'crash':
        this.#core = this.#newProcess();
        break;
      case 'disconnect':
        this.#core.connectionLost(this.#now);
        this.#core.connectionUp(this.#now);
        break;
      case 'calm':
        this.#calm();
        break;
      case 'elapse':
        this.#now += event.ms;
        this.#core.tick(this.#now);
        break;
    }
    this.#drain();
  }

  /** No more faults: everything is answered until nothing is left to do for minutes. */
  heal(): void {
    this.#calm();
    this.#core.connectionLost(this.#now);
    this.#core.connectionUp(this.#now);
    const end = this.#now + 600_000;
    while (this.#now < end) {
      this.#calm();
      const deadline = this.#core.nextDeadline();
      if (deadline === null) break;
      this.#now = Math.max(this.#now, deadline);
      this.#core.tick(this.#now);
    }
  }

  /** For once everything is delivered and answered at once. */
  #calm(): void {
    for (const message of this.control.published.splice(0)) this.#core.assign(message, this.#now);
    this.#drain();
    for (let output = this.#pending.shift(); output !== undefined; output = this.#pending.shift()) {
      this.#answer(output, 0);
      this.#drain();
    }
  }

  /** lost 1: it never happened; 2: it happened and the answer got lost. */
  #answer(output: AgentOutput, lost: number): void {
    const core = this.#core;
    const now = this.#now;
    switch (output.kind) {
      case 'read-wanted':
        core.wantedAnswered(output.attempt, lost > 0 ? null : this.control.page(output.after, PAGE_TASKS), now);
        break;
      case 'open-session':
        core.sessionAnswered(
          output.attempt,
          lost > 0 ? null : this.control.session(this.#sessionId, output.wanted),
          now,
        );
        break;
      case 'read-definitions':
        core.definitionsAnswered(
          output.requestId,
          lost > 0 ? null : this.control.definitions(output.taskDefinitionArns),
          now,
        );
        break;
      case 'report':
        if (lost !== 1) this.control.record(output.request);
        core.reportAnswered(output.requestId, lost > 0 ? null : { accepted: true, term: 1 }, now);
        break;
      case 'take-inventory':
        if (lost > 0) core.inventoryFailed(now);
        else core.inventory(this.runtime.list(), now);
        break;
      case 'step': {
        const failed = { kind: 'failed', name: 'DockerTimeoutError', detail: 'no answer', retry: true } as const;
        const startsBefore = this.runtime.starts.length;
        if (lost !== 1 && output.call.call === 'remove') this.#noteRemoval(output.call.ref);
        const result = lost === 1 ? failed : this.runtime.perform(output.call, now);
        const lastStatus = this.control.tasks.get(output.taskId)?.lastStatus ?? 'STOPPED';
        const started = this.runtime.starts.length > startsBefore;
        if (started && TASK_STATUS_RANK[lastStatus] >= TASK_STATUS_RANK.RUNNING) this.revived.push(output.taskId);
        core.stepDone(output.stepId, lost > 0 ? failed : result, now);
        break;
      }
      case 'heartbeat':
      case 'notice':
        break;
    }
  }

  /** A pause container goes before the end of its task is known; everything else stays until the log has it. */
  #noteRemoval(ref: string): void {
    const container = this.runtime.find(ref);
    if (container === undefined || container.containerName === PAUSE_CONTAINER_NAME) return;
    if (this.control.tasks.get(container.taskId)?.lastStatus !== 'STOPPED') this.removedEarly.push(container.taskId);
  }

  #drain(): void {
    this.#pending.push(...this.#core.drain());
  }

  get #sessionId(): string {
    return `session-${this.#processes}`;
  }

  #newProcess(): AgentCore {
    this.#processes += 1;
    this.#pending = [];
    const core = new AgentCore({
      cluster: 'default',
      instanceId: 'i1',
      sessionId: this.#sessionId,
      startsInFlightMax: 2,
      cleanupDelayMs: 20_000,
      stoppedTasksKeptMax: 1,
    });
    core.connectionUp(this.#now);
    return core;
  }
}

function pick<Item>(items: readonly Item[], number: number): Item | undefined {
  return items.length === 0 ? undefined : items[number % items.length];
}

test('whatever is lost, doubled, late or crashes: nothing starts twice, and in the end the host is as wanted', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { minLength: 1, maxLength: 120, size: 'max' }),
      fc.boolean(),
      (happenings, obedient) => {
        const world = new World();
        world.runtime.obedient = obedient;
        for (const event of happenings) world.happen(event);
        world.heal();
        const { runtime, control } = world;
        const starts = runtime.starts.filter((start) => !world.vanished.has(start.split('/')[0] ?? ''));
        expect(new Set(starts).size).toBe(starts.length);
        expect(world.revived).toEqual([]);
        expect(runtime.killedWithoutSignal).toEqual([]);
        const running = [...runtime.containers.values()].filter(({ phase }) => phase === 'RUNNING');
        const expected = [...control.tasks.values()].filter(({ lastStatus }) => lastStatus !== 'STOPPED');
        const expectedIds = expected.flatMap((task) => Array<string>(control.containersOf(task)).fill(task.taskId));
        expect(running.map(({ taskId }) => taskId).toSorted()).toEqual(expectedIds.toSorted());
        expect(runtime.containers.size).toBe(running.length);
        expect(world.removedEarly).toEqual([]);
        expect(runtime.restarts.filter(({ ranMs }) => ranMs < RESTART_PERIOD_MS)).toEqual([]);
        for (const task of expected) expect(task).toMatchObject({ desiredStatus: 'RUNNING', lastStatus: 'RUNNING' });
      },
    ),
    { numRuns: 300 },
  );
});
