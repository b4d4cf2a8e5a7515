import { describe, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ServiceState } from '#libs/ecs/deciders';
import { canonicalJson, nextDeadlineOf } from '#libs/kernel';
import { drainingTasks } from './draining-tasks.ts';
import { planService } from './plan.ts';
import { create, HOSTS, OTHER, step, take } from '../../spec/random-trouble.ts';
import { ServiceWorld, textOf, WEB } from '../../spec/service-world.ts';

/*
 * Whatever users, hosts and time do: the counters are those of the tasks, the percentages hold (S10), there is one PRIMARY
 * (S11), a deadline always brings something (no busy loop) — all of that the world checks after every event — and when the
 * trouble ends, the service runs what it should (L1).
 */

/** Hosts are back, nothing fails any more, and what the user asked for is possible. */
function heal(world: ServiceWorld): void {
  for (const host of [...HOSTS, 'host4']) {
    if (!world.state.inactiveInstanceIds.has(host)) world.register(host);
    if (world.state.instances.has(host)) {
      world.submit({ type: 'UpdateContainerInstancesState', instanceIds: [host], status: 'ACTIVE' });
    }
  }
  for (let round = 0; round < 120; round++) {
    world.obey();
    for (const task of world.running) world.reportHealth(task, 'HEALTHY');
    const service = world.state.services.get(WEB);
    if (round === 0 && service?.status === 'ACTIVE') {
      world.update({
        deploymentConfiguration: { maximumPercent: 200, deploymentCircuitBreaker: { enable: false, rollback: false } },
        forceNewDeployment: service.deployments[0]?.rolloutState === 'FAILED',
      });
    }
    world.advance(30_000);
    if ([...world.state.services.values()].every(({ steady }) => steady)) return;
  }
}

describe('the service controller', () => {
  test('keeps its promises through any trouble and ends it when the trouble ends', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const world = new ServiceWorld(3, { cpu: 1_024 });
        create(world);
        world.create(1, { serviceName: OTHER });
        for (const one of steps) {
          take(world, one);
          checkWakeups(world);
        }
        heal(world);
        for (const service of world.state.services.values()) checkEnd(world, service);
        checkFold(world);
      }),
      { numRuns: 100 },
    );
  });

  test('goes on from a snapshot exactly as if there had been none', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        (steps, stepsPerSnapshot) => {
          const world = new ServiceWorld(3, { cpu: 1_024 });
          create(world);
          world.create(1, { serviceName: OTHER });
          let reopened = world.reopened();
          for (const [index, one] of steps.entries()) {
            take(world, one);
            take(reopened, one);
            if (textOf(reopened.state) !== textOf(world.state)) throw new Error(`step ${index} ends in another state`);
            if (nextDeadlineOf(reopened.decider, reopened.state) !== nextDeadlineOf(world.decider, world.state)) {
              throw new Error(`after step ${index} another moment is due`);
            }
            if (index % stepsPerSnapshot === 0) reopened = reopened.reopened();
          }
          if (canonicalJson(reopened.events) !== canonicalJson(world.events))
            throw new Error('other events were decided');
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** L1: what is running is what should be. */
function checkEnd(world: ServiceWorld, { serviceName, status, steady, desiredCount, deployments }: ServiceState): void {
  const tasks = world.live.filter(({ template }) => template.serviceName === serviceName);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  const end = { status, steady, running, live: tasks.length, deployments: deployments.length };
  const expected = { status: 'ACTIVE', steady: true, running: desiredCount, live: desiredCount, deployments: 1 };
  if (canonicalJson(end) !== canonicalJson(expected)) throw new Error(`${serviceName} ended as ${canonicalJson(end)}`);
}

/** Before the next deadline there is nothing to do, whenever one looks. */
function checkWakeups(world: ServiceWorld): void {
  const deadline = nextDeadlineOf(world.decider, world.state) ?? Infinity;
  const leaving = drainingTasks(world.state);
  for (const service of world.state.services.values()) {
    const draining = leaving.get(service.serviceName);
    for (let at = world.at; at < Math.min(deadline, world.at + 12_000); at += 500) {
      const budget = { starts: 100, stops: 100, services: 8 };
      const commands = planService(world.state, service, { at, random: () => 0, draining }, budget);
      if (commands.length > 0) throw new Error(`${commands[0]?.type} is due before the deadline ${deadline}`);
    }
  }
}

/** S16: the recorded events alone make the same state. */
function checkFold(world: ServiceWorld): void {
  const state = world.decider.initialState(world.state.shard);
  for (const { event, at } of world.events) world.decider.evolve(state, event, at);
  if (textOf(state) !== textOf(world.state)) throw new Error('the fold differs from the live state');
}
