import * as fc from 'fast-check';
import type { TaskDefinition } from '#libs/ecs/messages';
import type { TaskState } from '#libs/ecs/deciders';
import { checkedDefinition, taskDefinition, WEB } from './service-world.ts';
import type { ServiceWorld } from './service-world.ts';

/* What users, hosts and time may do to a service, as steps that shrink well. */

/** A second service that takes room. */
export const OTHER = 'other';
export const HOSTS = ['host1', 'host2', 'host3'];

export type Step =
  | {
      readonly kind: 'desired' | 'other' | 'wait' | 'run' | 'fail' | 'exit' | 'stopped' | 'stop';
      readonly value: number;
    }
  | { readonly kind: 'health'; readonly value: number; readonly health: 'HEALTHY' | 'UNHEALTHY' }
  | { readonly kind: 'roll'; readonly value: number }
  | { readonly kind: 'percents'; readonly value: readonly [number, number]; readonly breaker: boolean }
  | {
      readonly kind: 'drain' | 'activate' | 'lose' | 'silence' | 'join' | 'force' | 'recreate';
      readonly value: number;
    };

const value = fc.nat({ max: 20 });
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('desired' as const, 'other'), value: fc.nat({ max: 6 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), value: fc.nat({ max: 12_000 }) }) },
  {
    weight: 16,
    arbitrary: fc.record({ kind: fc.constantFrom('run' as const, 'run', 'stopped', 'fail', 'exit', 'stop'), value }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('health' as const),
      value,
      health: fc.constantFrom('HEALTHY' as const, 'UNHEALTHY' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('roll' as const), value: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('percents' as const),
      value: fc.constantFrom(
        [100, 200] as const,
        [50, 100] as const,
        [0, 100] as const,
        [100, 100] as const,
        [75, 150] as const,
      ),
      breaker: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('drain' as const, 'activate', 'lose', 'silence', 'join', 'force', 'recreate'),
      value,
    }),
  },
);

/** Even revisions have a health check. */
function revision(number: number): TaskDefinition {
  return number % 2 === 0 ? checkedDefinition(number) : taskDefinition(number);
}

function pick<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}

/** Tasks whose host could report now. */
function reportable(world: ServiceWorld, tasks: readonly TaskState[]): readonly TaskState[] {
  return tasks.filter(({ instanceId }) => world.state.instances.get(instanceId ?? '')?.connected === true);
}

/** Does what a step says, as far as it is possible. */
export function take(world: ServiceWorld, one: Step): void {
  const host = pick(HOSTS, one.kind === 'percents' ? 0 : one.value) ?? 'host1';
  const instance = world.state.instances.get(host);
  const active = world.state.services.get(WEB)?.status === 'ACTIVE';
  switch (one.kind) {
    case 'wait':
      world.advance(one.value);
      return;
    case 'desired':
      if (active) world.update({ desiredCount: one.value });
      return;
    case 'other':
      world.submit({ type: 'UpdateService', serviceName: OTHER, desiredCount: one.value });
      return;
    case 'roll':
      if (active) {
        const healthCheckGracePeriodSeconds = one.value % 4 === 0 ? 7 : 0;
        world.update({ resolved: { taskDefinition: revision(one.value), tags: [] }, healthCheckGracePeriodSeconds });
      }
      return;
    case 'force':
      if (active) world.update({ forceNewDeployment: true });
      return;
    case 'percents': {
      const [minimumHealthyPercent, maximumPercent] = one.value;
      const deploymentCircuitBreaker = { enable: one.breaker, rollback: one.breaker };
      if (active) {
        world.update({
          deploymentConfiguration: { minimumHealthyPercent, maximumPercent, deploymentCircuitBreaker },
        });
      }
      return;
    }
    case 'recreate':
      if (one.value < 16) return;
      if (active) world.submit({ type: 'DeleteService', serviceName: WEB, force: true });
      else if (!world.state.services.has(WEB)) create(world);
      return;
    case 'run':
    case 'fail':
    case 'exit':
    case 'stopped':
    case 'stop':
    case 'health':
      takeTask(world, one);
      return;
    case 'drain':
    case 'activate':
      if (instance !== undefined) {
        const status = one.kind === 'drain' ? 'DRAINING' : 'ACTIVE';
        world.submit({ type: 'UpdateContainerInstancesState', instanceIds: [host], status });
      }
      return;
    case 'lose':
      if (one.value >= 17 && host3Exists(world))
        world.submit({ type: 'DeregisterContainerInstance', instanceId: 'host3', force: true });
      return;
    case 'silence':
      world.submit({ type: 'ReportInstanceDisconnected', instanceId: host, sessionId: `${host}-1` });
      return;
    case 'join':
      if (instance !== undefined) world.register(host, { cpu: 1_024 });
  }
}

function host3Exists(world: ServiceWorld): boolean {
  return world.state.instances.has('host3');
}

function takeTask(world: ServiceWorld, one: Step): void {
  if (one.kind === 'percents') return;
  const pool = { run: world.pending, fail: world.pending, exit: world.running, health: world.running };
  const candidates = one.kind === 'stopped' ? world.stopping : one.kind in pool ? pool[one.kind as 'run'] : world.live;
  const task = pick(reportable(world, candidates), one.value);
  if (task === undefined) return;
  if (one.kind === 'run') world.report(task, { knownStatus: 'RUNNING' });
  else if (one.kind === 'fail') world.failToStart(task);
  else if (one.kind === 'exit') world.exit(task);
  else if (one.kind === 'stopped') world.report(task, { knownStatus: 'STOPPED' });
  else if (one.kind === 'health') world.reportHealth(task, one.health);
  else if (one.kind === 'stop') world.submit({ type: 'StopTask', taskId: task.taskId });
}

/** The service that the steps are about. */
export function create(world: ServiceWorld): void {
  world.create(2, {
    resolved: { taskDefinition: revision(2), tags: [] },
    // With it no update to a maximumPercent of 100 would be taken.
    availabilityZoneRebalancing: 'DISABLED',
    healthCheckGracePeriodSeconds: world.events.length % 2 === 0 ? 0 : 9,
  });
}
