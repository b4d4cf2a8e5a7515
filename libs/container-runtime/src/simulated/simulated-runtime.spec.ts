import { describe, expect, test } from '@jest/globals';
import { CONTRACT_COMMANDS, containerSpecOf, describeContainerRuntime } from '#libs/testing';
import type { OwnContainerSpec } from '#libs/agents/core';
import type { SimulatedBehaviour } from './simulated-container.ts';
import { SimulatedHost, type SimulatedHostOptions } from './simulated-host.ts';
import { VirtualTime } from '../../spec/virtual-time.ts';
import { simulatedRuntime } from './simulated-runtime.ts';

type HostClock = SimulatedHostOptions['clock'];

const realTime: HostClock = {
  wall: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  soon: (run) => queueMicrotask(run),
};

function behaviourOf({ container: { command } }: OwnContainerSpec): SimulatedBehaviour {
  if (command === CONTRACT_COMMANDS.exitsWith7) return { exitAfterMs: 1, exitCode: 7 };
  return { stubborn: command === CONTRACT_COMMANDS.stubborn };
}

describeContainerRuntime('the simulated runtime', () => {
  const host = new SimulatedHost({
    clock: realTime,
    seed: 'contract',
    behaviour: behaviourOf,
    hasImage: (image) => image !== 'missing:1',
  });
  const empty = new SimulatedHost({ clock: realTime, seed: 'other' });
  const runtime = simulatedRuntime(host);
  return Promise.resolve({
    runtime,
    other: simulatedRuntime(empty),
    instanceId: 'i1',
    image: 'app:1',
    missingImage: 'missing:1',
    close: () => runtime.close(),
  });
});

describe('a simulated host', () => {
  const CONTEXT = { instanceId: 'i1', image: 'app:1' };

  function trace(seed: string): readonly string[] {
    const time = new VirtualTime();
    const host = new SimulatedHost({
      clock: time,
      seed,
      delays: { create: [10, 1000], start: [10, 1000] },
      failures: { lostAnswer: 0.3, start: 0.2 },
    });
    const results: string[] = [];
    for (let i = 0; i < 20; i++) {
      const spec = { ...containerSpecOf(CONTEXT), runtimeName: `c${i}` };
      host.perform({ call: 'create', spec }, ({ kind }) =>
        results.push(`${time.wall().toFixed(3)} create ${i} ${kind}`),
      );
      host.perform({ call: 'start', ref: `c${i}` }, ({ kind }) =>
        results.push(`${time.wall().toFixed(3)} start ${i} ${kind}`),
      );
    }
    time.runAll();
    return results;
  }

  test('the same seed gives the same trace, another one another', () => {
    expect(trace('a')).toEqual(trace('a'));
    expect(trace('a')).not.toEqual(trace('b'));
    expect(new Set(trace('a').map((line) => line.split(' ').at(-1)))).toEqual(new Set(['done', 'failed', 'gone']));
  });

  test('an engine that is away answers nothing and changes nothing; its containers run on', () => {
    const time = new VirtualTime();
    const host = new SimulatedHost({ clock: time, seed: 'away' });
    const results: string[] = [];
    const spec = containerSpecOf(CONTEXT);
    host.perform({ call: 'create', spec }, () => undefined);
    host.perform({ call: 'start', ref: spec.runtimeName }, () => undefined);
    time.runAll();
    let reconnected = 0;
    host.listen(
      () => undefined,
      () => void (reconnected += 1),
    );
    host.setAway(true);
    host.perform({ call: 'kill', ref: spec.runtimeName }, ({ kind }) => results.push(kind));
    host.list((items) => results.push(String(items)));
    time.runAll();
    expect(results).toEqual(['failed', 'null']);
    host.setAway(false);
    expect(reconnected).toBe(1);
    expect(host.containers()).toMatchObject([{ phase: 'RUNNING' }]);
  });

  test('a reboot ends everything and frees the ports', () => {
    const time = new VirtualTime();
    const host = new SimulatedHost({ clock: time, seed: 'reboot' });
    const portMappings = [{ containerPort: 80, hostPort: 8080 }];
    const kinds: string[] = [];
    for (const spec of [containerSpecOf(CONTEXT, { portMappings }), containerSpecOf(CONTEXT, { portMappings })]) {
      host.perform({ call: 'create', spec }, () => undefined);
      host.perform({ call: 'start', ref: spec.runtimeName }, ({ kind }) => kinds.push(kind));
      time.runAll();
      host.reboot();
    }
    expect(kinds).toEqual(['done', 'done']);
    expect(host.containers().map(({ phase }) => phase)).toEqual(['STOPPED', 'STOPPED']);
  });

  test('with no delays a start needs no timer', () => {
    const timers: number[] = [];
    const work: (() => void)[] = [];
    const host = new SimulatedHost({
      clock: {
        wall: () => 0,
        after: (delayMs) => {
          timers.push(delayMs);
          return () => {};
        },
        soon: (run) => void work.push(run),
      },
      seed: 'fast',
    });
    const spec = containerSpecOf(CONTEXT);
    host.perform({ call: 'pull', image: { reference: 'app:1' } }, () => undefined);
    host.perform({ call: 'create', spec }, () => undefined);
    host.perform({ call: 'start', ref: spec.runtimeName }, () => undefined);
    for (const run of work) run();
    expect(timers).toEqual([]);
    expect(host.containers()).toMatchObject([{ phase: 'RUNNING' }]);
  });
});
