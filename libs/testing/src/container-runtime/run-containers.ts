import { RuntimeProblem } from '#libs/container-runtime';
import type { ContainerObservation, ContainerRuntime, ContainerSpec } from '#libs/container-runtime';
import { eventually } from './container-specs.ts';

/** Creates a container and starts it. @returns what the start has shown @throws an error if it is gone */
export async function startContainer(runtime: ContainerRuntime, spec: ContainerSpec): Promise<ContainerObservation> {
  const { runtimeId } = await runtime.create(spec);
  const seen = await runtime.start(runtimeId);
  if (seen === null) throw new Error('the container is gone');
  return seen;
}

/** Waits for the end of a container. @param ref its id or name @returns null: it was removed */
export function endOf(runtime: ContainerRuntime, ref: string): Promise<ContainerObservation | null> {
  return eventually(
    () => runtime.inspect(ref),
    (seen) => seen === null || seen.phase === 'STOPPED',
  );
}

/** Creates a container, starts it and waits for its end. */
export async function runContainer(
  runtime: ContainerRuntime,
  spec: ContainerSpec,
): Promise<ContainerObservation | null> {
  const { runtimeId } = await startContainer(runtime, spec);
  return await endOf(runtime, runtimeId);
}

/** Removes what a runtime lists: all containers of its instance. */
export async function removeContainers(runtime: ContainerRuntime): Promise<void> {
  for (const { runtimeId } of await runtime.list()) await runtime.remove(runtimeId);
}

/** The problem that a call ends with. @throws an error if it ends otherwise */
export async function problemOf(call: Promise<unknown>): Promise<RuntimeProblem> {
  const problem = await call.catch((error: unknown) => error);
  if (!(problem instanceof RuntimeProblem)) throw new Error(`no problem: ${JSON.stringify(problem)}`);
  return problem;
}
