import { describe, expect, test } from '@jest/globals';
import { containerSpecOf, pauseSpecOf } from '#libs/testing';
import type { CallResult, ContainerObservation, RuntimeCall } from '#libs/agents/core';
import { VirtualTime } from '../../spec/virtual-time.ts';
import { SimulatedHost, type SimulatedHostOptions } from './simulated-host.ts';
import { simulatedDigest } from './simulated-images.ts';

const CONTEXT = { instanceId: 'i1', image: 'app:1' };

function hostWith(options: Partial<SimulatedHostOptions> = {}) {
  const time = new VirtualTime();
  const host = new SimulatedHost({ clock: time, seed: 'host', ...options });
  const perform = (call: RuntimeCall): CallResult => {
    const results: CallResult[] = [];
    host.perform(call, (result) => results.push(result));
    time.runDue();
    const [result] = results;
    if (result === undefined) throw new Error('not answered');
    return result;
  };
  const seen = (call: RuntimeCall): ContainerObservation => {
    const result = perform(call);
    if (result.kind !== 'done' || result.observation === undefined) throw new Error(JSON.stringify(result));
    return result.observation;
  };
  return { time, host, perform, seen };
}

describe('addresses', () => {
  test('each task has one of its own, of the first subnet; the last ones find none left', () => {
    const { perform, seen } = hostWith();
    const start = (): CallResult => {
      const spec = pauseSpecOf(CONTEXT, { network: { subnets: ['subnet-b', 'subnet-a'] } });
      perform({ call: 'create', spec });
      return perform({ call: 'start', ref: spec.runtimeName });
    };
    const results = Array.from({ length: 254 }, start);
    const interfaces = results.flatMap((result) =>
      result.kind === 'done' ? [result.observation?.networkInterface] : [],
    );
    expect(interfaces).toHaveLength(253);
    expect(new Set(interfaces.map((one) => one?.privateIpv4Address)).size).toBe(253);
    expect(new Set(interfaces.map((one) => one?.macAddress)).size).toBe(253);
    expect(new Set(interfaces.map((one) => one?.subnetId))).toEqual(new Set(['subnet-b']));
    expect(results.at(-1)).toEqual({
      kind: 'failed',
      name: 'ContainerNetworkingError',
      detail: 'no address is left in subnet-b',
      retry: false,
    });
    const [freed] = results;
    if (freed?.kind !== 'done' || freed.observation === undefined) throw new Error('the first has one');
    perform({ call: 'remove', ref: freed.observation.runtimeId });
    const spec = pauseSpecOf(CONTEXT);
    perform({ call: 'create', spec });
    expect(seen({ call: 'start', ref: spec.runtimeName }).networkInterface?.privateIpv4Address).toBe(
      freed.observation.networkInterface?.privateIpv4Address,
    );
  });

  test('a container that has ended keeps its address until it is removed', () => {
    const { perform, seen } = hostWith();
    const start = () => {
      const spec = pauseSpecOf(CONTEXT);
      perform({ call: 'create', spec });
      return seen({ call: 'start', ref: spec.runtimeName });
    };
    const first = start();
    perform({ call: 'kill', ref: first.runtimeId });
    const others = Array.from({ length: 252 }, () => start().networkInterface?.privateIpv4Address);
    expect(others).not.toContain(first.networkInterface?.privateIpv4Address);
  });

  test('one that comes late comes with another start', () => {
    const failures = { address: 1 };
    const { perform, seen } = hostWith({ failures });
    const spec = pauseSpecOf(CONTEXT);
    perform({ call: 'create', spec });
    const { runtimeId, phase, networkInterface } = seen({ call: 'start', ref: spec.runtimeName });
    expect({ phase, networkInterface }).toEqual({ phase: 'RUNNING', networkInterface: undefined });
    failures.address = 0;
    expect(seen({ call: 'start', ref: runtimeId }).networkInterface).toBeDefined();
    expect(seen({ call: 'start', ref: runtimeId })).toEqual(seen({ call: 'inspect', ref: runtimeId }));
  });

  test('none without a subnet', () => {
    const { perform } = hostWith();
    const spec = pauseSpecOf(CONTEXT, { network: { subnets: [] } });
    perform({ call: 'create', spec });
    expect(perform({ call: 'start', ref: spec.runtimeName })).toMatchObject({ name: 'ContainerNetworkingError' });
  });
});

describe('images', () => {
  test('a reference that is pushed anew means another digest from the next pull on', () => {
    let pushes = 0;
    const { perform, seen } = hostWith({ digestOf: (reference) => simulatedDigest(reference, pushes) });
    const digest = (members: object = {}) => {
      const spec = containerSpecOf(CONTEXT);
      return seen({ call: 'create', spec: { ...spec, image: { ...spec.image, ...members } } }).imageDigest;
    };
    const pull = () => perform({ call: 'pull', image: { reference: CONTEXT.image } });
    pull();
    const first = digest();
    expect(first).toMatch(/^sha256:[0-9a-f]{64}$/);
    pushes = 1;
    expect(digest()).toBe(first);
    pull();
    expect(digest()).toBe(simulatedDigest(CONTEXT.image, 1));
    expect(pull()).toEqual({ kind: 'done', imageId: simulatedDigest(CONTEXT.image, 1) });
    expect(digest({ digest: first })).toBe(first);
    expect(digest({ reference: `app@${first}` })).toBe(first);
  });
});

describe('a restart', () => {
  test('begins the time anew after which a container ends by itself', () => {
    const { time, perform, seen, host } = hostWith({ behaviour: () => ({ exitAfterMs: 1000, exitCode: 3 }) });
    const spec = containerSpecOf(CONTEXT);
    perform({ call: 'create', spec });
    const { runtimeId } = seen({ call: 'start', ref: spec.runtimeName });
    time.elapse(400);
    perform({ call: 'kill', ref: runtimeId });
    perform({ call: 'restart', ref: runtimeId });
    time.elapse(999);
    expect(host.observation(runtimeId)).toMatchObject({ phase: 'RUNNING', startedAt: 400 });
    time.elapse(1);
    expect(host.observation(runtimeId)).toMatchObject({ phase: 'STOPPED', exitCode: 3, finishedAt: 1400 });
  });
});
