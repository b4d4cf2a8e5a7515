import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { ContainerObservation, ContainerSpec, OwnContainerSpec } from '#libs/container-runtime';
import type { ContainerDefinition, TaskDefinition } from '#libs/ecs/messages';
import {
  busyboxImage,
  containerSpecOf,
  endOf,
  freeRange,
  removeContainers,
  removeNetwork,
  runContainer,
  startContainer,
  type TestImage,
} from '#libs/testing';
import Docker from 'dockerode';
import { DockerRuntime, type DockerRuntimeOptions } from '../src/docker-runtime.ts';

export const newInstanceId = (): string => randomBytes(16).toString('hex');

/** A network for tasks that no other spec has. A spec that uses it removes it. */
export function newTaskNetwork(): { readonly name: string; readonly vpcCidr: string } {
  return { name: `wbt-${randomBytes(4).toString('hex')}`, vpcCidr: freeRange() };
}

/** The engine of this machine, and a runtime whose instance no other spec has. */
export interface DockerUnderTest {
  readonly docker: Docker;
  readonly instanceId: string;
  readonly runtime: DockerRuntime;
  /** The name of an image with busybox's commands. Known once the specs run. */
  readonly image: string;
  /** A task with one container of that image. */
  specOf(container?: Partial<ContainerDefinition>, task?: Partial<TaskDefinition>): OwnContainerSpec;
  start(spec: ContainerSpec): Promise<ContainerObservation>;
  ended(ref: string): Promise<ContainerObservation | null>;
  run(spec: ContainerSpec): Promise<ContainerObservation | null>;
}

/**
 * For the specs of one `describe`: after each of them its containers go, after the last the image and the network of the options.
 * @param options of the runtime
 */
export function dockerUnderTest(options: Partial<DockerRuntimeOptions> = {}): DockerUnderTest {
  const docker = new Docker();
  const { instanceId = newInstanceId(), network } = options;
  const runtime = new DockerRuntime({ ...options, instanceId });
  let image: TestImage;
  beforeAll(async () => {
    image = await busyboxImage();
  });
  afterEach(() => removeContainers(runtime));
  afterAll(async () => {
    await runtime.close();
    if (network?.name !== undefined) await removeNetwork(docker, network.name);
    await image.remove();
  });
  return {
    docker,
    instanceId,
    runtime,
    get image() {
      return image.name;
    },
    specOf: (container, task) => containerSpecOf({ instanceId, image: image.name }, container, task),
    start: (spec) => startContainer(runtime, spec),
    ended: (ref) => endOf(runtime, ref),
    run: (spec) => runContainer(runtime, spec),
  };
}
