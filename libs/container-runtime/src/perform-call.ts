import type { CallResult, ContainerObservation, RuntimeCall } from '#libs/agents/core';
import { unreachable } from '#libs/kernel';
import { RuntimeProblem } from './container-runtime.ts';
import type { ContainerRuntime } from './container-runtime.ts';

/** Performs a step of `AgentCore` and says how it ended. Never rejects for what a runtime does; a defect of ours does. */
export async function performCall(runtime: ContainerRuntime, call: RuntimeCall): Promise<CallResult> {
  try {
    return await perform(runtime, call);
  } catch (error) {
    if (!(error instanceof RuntimeProblem)) throw error;
    return { kind: 'failed', name: error.name, detail: error.detail, retry: error.retry };
  }
}

async function perform(runtime: ContainerRuntime, call: RuntimeCall): Promise<CallResult> {
  switch (call.call) {
    case 'pull': {
      const imageId = await runtime.pull(call.image);
      return { kind: 'done', ...(imageId === null ? {} : { imageId }) };
    }
    case 'create':
      return seen(await runtime.create(call.spec));
    case 'start':
      return seen(await runtime.start(call.ref));
    case 'restart':
      return seen(await runtime.restart(call.ref));
    case 'signal':
      return seen(await runtime.signal(call.ref));
    case 'kill':
      return seen(await runtime.kill(call.ref));
    case 'inspect':
      return seen(await runtime.inspect(call.ref));
    case 'remove':
      await runtime.remove(call.ref);
      return { kind: 'done' };
    default:
      return unreachable(call);
  }
}

function seen(observation: ContainerObservation | null): CallResult {
  return observation === null ? { kind: 'gone' } : { kind: 'done', observation };
}
