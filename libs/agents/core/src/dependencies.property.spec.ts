import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ContainerDefinition, TaskDefinition, TaskReport } from '#libs/ecs/messages';
import { containerDefinition, taskDefinition, wantedTask } from '../spec/builders.ts';
import { ModelRuntime } from '../spec/model-runtime.ts';
import { assignMessage, ScriptedAgent } from '../spec/scripted-agent.ts';
import type { AgentOutput } from './agent-output.ts';
import { waitInCircles } from './dependencies.ts';

const CONTAINERS_MAX = 5;
/** Of 5 s each: more than five containers take that are killed one after the other. */
const STOP_ROUNDS_MAX = 60;
const wanted = wantedTask();
const nameOf = (index: number): string => `c${index}`;

/** One container needs another, mostly an earlier one; conditions, links and volumes mixed. */
const edge = fc.record({
  of: fc.nat(CONTAINERS_MAX - 1),
  on: fc.nat(CONTAINERS_MAX - 1),
  kind: fc.constantFrom('START', 'START', 'COMPLETE', 'SUCCESS', 'HEALTHY', 'link', 'volume'),
  backwards: fc.constantFrom(false, false, true),
});

const definitions = fc
  .record({
    essential: fc.array(fc.boolean(), { minLength: 1, maxLength: CONTAINERS_MAX }),
    edges: fc.array(edge, { maxLength: 6 }),
    startTimeout: fc.option(fc.integer({ min: 2, max: 20 }), { nil: undefined }),
    isShared: fc.boolean(),
  })
  .map(({ essential, edges, startTimeout, isShared }): TaskDefinition => {
    const containers = essential.map((isEssential, index): ContainerDefinition => {
      const own = edges.flatMap(({ of, on, kind, backwards }) => {
        const [low, high] = [Math.min(of, on), Math.max(of, on)];
        const [dependent, dependency] = backwards ? [low, high] : [high, low];
        const exists = low !== high && high < essential.length;
        return exists && dependent === index ? [{ kind, name: nameOf(dependency) }] : [];
      });
      return containerDefinition(nameOf(index), {
        essential: isEssential,
        ...(startTimeout === undefined ? {} : { startTimeout }),
        dependsOn: own.flatMap(({ kind, name }) =>
          kind === 'link' || kind === 'volume' ? [] : [{ containerName: name, condition: kind }],
        ),
        links: own.flatMap(({ kind, name }) => (kind === 'link' ? [name] : [])),
        volumesFrom: own.flatMap(({ kind, name }) => (kind === 'volume' ? [{ sourceContainer: name }] : [])),
      });
    });
    return { ...taskDefinition(...containers), ...(isShared ? { pidMode: 'task' as const } : {}) };
  });

const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('perform' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('exit' as const),
      index: fc.nat(CONTAINERS_MAX - 1),
      exitCode: fc.constantFrom(0, 0, 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('probe' as const),
      index: fc.nat(CONTAINERS_MAX - 1),
      healthStatus: fc.constantFrom('HEALTHY' as const, 'UNHEALTHY' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('elapse' as const), ms: fc.integer({ min: 1, max: 15_000 }) }) },
);

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

/** One task on a host where nothing gets lost; every step is checked against what is true at the moment it is decided. */
class Watched {
  readonly agent: ScriptedAgent;
  readonly reports: TaskReport[] = [];
  readonly #checked = new Set<AgentOutput>();
  readonly #wasHealthy = new Set<string>();

  constructor(definition: TaskDefinition, obedient: boolean) {
    this.agent = new ScriptedAgent(new ModelRuntime(), {}, definition);
    this.agent.runtime.obedient = obedient;
    this.agent.holdSteps = true;
    this.agent.start(1, wanted);
    this.#look();
  }

  happen(event: Happening): void {
    const { agent } = this;
    if (event.do === 'perform') this.perform();
    else if (event.do === 'elapse') agent.elapse(event.ms);
    else {
      const container = this.#container(nameOf(event.index));
      if (container === undefined) return;
      if (event.do === 'exit') agent.runtime.exit(container, event.exitCode, agent.now);
      else if (container.phase === 'RUNNING') {
        container.healthStatus = event.healthStatus;
        if (event.healthStatus === 'HEALTHY') this.#wasHealthy.add(container.containerName);
      }
      agent.core.containerEvent(container, agent.now);
      agent.settle();
    }
    this.#look();
  }

  /** The task is to stop, and whatever that takes is done. */
  stop(): void {
    this.agent.core.assign(assignMessage(1, 2, { ...wanted, desiredStatus: 'STOPPED' }), this.agent.now);
    this.agent.settle();
    this.#look();
    for (let round = 0; round < STOP_ROUNDS_MAX && this.reports.at(-1)?.knownStatus !== 'STOPPED'; round++) {
      while (this.perform()) this.#look();
      this.agent.elapse(5000);
      this.#look();
    }
  }

  perform(): boolean {
    if (!this.agent.has('step')) return false;
    this.agent.perform(this.agent.take('step'));
    this.agent.settle();
    return true;
  }

  #look(): void {
    this.reports.push(...this.agent.takeAllReports());
    for (const output of this.agent.outputs) {
      if (output.kind !== 'step' || this.#checked.has(output)) continue;
      this.#checked.add(output);
      this.#check(output);
    }
  }

  #check({ call }: Extract<AgentOutput, { kind: 'step' }>): void {
    const { runtime, definition } = this.agent;
    const name =
      call.call === 'create'
        ? call.spec.containerName
        : 'ref' in call
          ? runtime.find(call.ref)?.containerName
          : undefined;
    const own = definition.containerDefinitions.find((container) => container.name === name);
    if (own === undefined) return;
    if (call.call === 'create' || call.call === 'start') {
      for (const { containerName, condition } of own.dependsOn ?? []) {
        expect({ name, needs: containerName, condition, isMet: this.#isMet(containerName, condition) }).toMatchObject({
          isMet: true,
        });
      }
      for (const link of own.links ?? []) expect(this.#isMet(link, 'START')).toBe(true);
      for (const { sourceContainer = '' } of own.volumesFrom ?? [])
        expect(this.#container(sourceContainer)).toBeDefined();
    }
    if (call.call === 'signal' || call.call === 'kill') {
      const dependents = definition.containerDefinitions.filter(({ dependsOn = [], links = [], volumesFrom = [] }) =>
        [
          ...dependsOn.map(({ containerName }) => containerName),
          ...links,
          ...volumesFrom.map(({ sourceContainer }) => sourceContainer),
        ].includes(own.name),
      );
      expect(dependents.filter((dependent) => this.#container(dependent.name)?.phase === 'RUNNING')).toEqual([]);
    }
  }

  #isMet(name: string, condition: string): boolean {
    const container = this.#container(name);
    if (container?.startedAt === undefined) return false;
    if (condition === 'COMPLETE') return container.phase === 'STOPPED';
    if (condition === 'SUCCESS') return container.phase === 'STOPPED' && container.exitCode === 0;
    return condition === 'HEALTHY' ? this.#wasHealthy.has(name) : true;
  }

  #container(name: string) {
    return [...this.agent.runtime.containers.values()].find(({ containerName }) => containerName === name);
  }
}

test('nothing starts before what it waits for, nothing is stopped before what needs it, and a task always ends', () => {
  fc.assert(
    fc.property(
      definitions,
      fc.boolean(),
      fc.array(happening, { maxLength: 60, size: 'max' }),
      (definition, obedient, happenings) => {
        const watched = new Watched(definition, obedient);
        for (const event of happenings) watched.happen(event);
        watched.stop();
        const { agent, reports } = watched;
        expect([...agent.runtime.containers.values()].filter(({ phase }) => phase === 'RUNNING')).toEqual([]);
        expect(reports.at(-1)?.knownStatus).toBe('STOPPED');
        expect(agent.runtime.killedWithoutSignal).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

test('containers that wait for each other in a circle end their task at once', () => {
  fc.assert(
    fc.property(definitions.filter(waitInCircles), (definition) => {
      const { agent, reports } = new Watched(definition, true);
      expect(agent.runtime.starts).toEqual([]);
      expect(reports).toMatchObject([
        {
          knownStatus: 'STOPPED',
          stopCode: 'TaskFailedToStart',
          reason: `TaskDependencyError: Task dependencies cannot be resolved, taskArn: ${wanted.taskArn}`,
        },
      ]);
    }),
    { numRuns: 50 },
  );
});

test('without a circle, containers that reach what they are waited for for all start', () => {
  fc.assert(
    fc.property(
      definitions.filter((definition) => !waitInCircles(definition)),
      (definition) => {
        const mustEnd = new Set(
          definition.containerDefinitions.flatMap(({ dependsOn = [] }) =>
            dependsOn.flatMap(({ containerName, condition }) =>
              condition === 'COMPLETE' || condition === 'SUCCESS' ? [containerName] : [],
            ),
          ),
        );
        const containers = definition.containerDefinitions.map((container) => ({
          ...container,
          essential: container.essential && !mustEnd.has(container.name),
        }));
        const mustBeHealthy = containers.flatMap(({ dependsOn = [] }) =>
          dependsOn.flatMap(({ containerName, condition }) => (condition === 'HEALTHY' ? [containerName] : [])),
        );
        // What must become healthy cannot have to end first: the two may not be met in the order they are looked at.
        fc.pre(!mustBeHealthy.some((name) => mustEnd.has(name)));
        const watched = new Watched({ ...definition, containerDefinitions: containers }, true);
        for (let round = 0; round < 12; round++) {
          while (watched.perform());
          for (let index = 0; index < containers.length; index++) {
            if (mustEnd.has(nameOf(index))) watched.happen({ do: 'exit', index, exitCode: 0 });
            else watched.happen({ do: 'probe', index, healthStatus: 'HEALTHY' });
          }
        }
        const own = watched.agent.runtime.starts
          .map((start) => start.split('/')[1])
          .filter((name) => name?.startsWith('c'));
        expect(own.toSorted()).toEqual(containers.map(({ name }) => name).toSorted());
        expect(watched.agent.core.task(wanted.taskId)?.known.status).toBe('RUNNING');
      },
    ),
    { numRuns: 50 },
  );
});
