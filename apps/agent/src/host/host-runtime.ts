import type { CallResult, RuntimeCall } from '#libs/agents/core';
import type { DescribeHost, HostRuntime } from '#libs/agents/shell';
import type { InstanceDescription } from '#libs/agents/protocol';
import { performCall } from '#libs/container-runtime';
import type { ContainerRuntime, RuntimeInfo } from '#libs/container-runtime';
import type { Logger } from 'pino';

/** A container runtime as the agent's shell wants it: callbacks instead of promises, and a line for what went wrong. */
export function hostRuntime(runtime: ContainerRuntime, log: Logger): HostRuntime {
  return {
    perform: (call, done, taskId) => background(perform(runtime, call, taskId, log), done),
    list: (done) => background(unlessAway(runtime.list(), log, 'the containers could not be listed'), done),
    listen: (onEvent, onConnected) => void runtime.subscribe({ onEvent, onConnected }),
  };
}

/** What the host offers, with its engine as it is now. */
export function describeHost(
  runtime: ContainerRuntime,
  describe: (info: RuntimeInfo) => InstanceDescription,
  log: Logger,
): DescribeHost {
  return (done) => {
    const info = unlessAway(runtime.info(), log, 'the container runtime does not serve; no session is opened');
    background(info, (found) => done(found === null ? null : describe(found)));
  };
}

async function perform(runtime: ContainerRuntime, call: RuntimeCall, taskId: string, log: Logger): Promise<CallResult> {
  log.debug({ taskId, step: call.call }, 'step');
  const result = await performCall(runtime, call);
  if (result.kind === 'failed') {
    const { name: error, detail, retry } = result;
    log.warn({ taskId, step: call.call, error, detail, retry }, 'a step failed');
  }
  return result;
}

function unlessAway<Value>(answer: Promise<Value>, log: Logger, text: string): Promise<Value | null> {
  return answer.catch((error: unknown) => {
    log.warn({ err: error }, text);
    return null;
  });
}

/** What rejects or throws here is a defect of ours: the process ends loudly, and its successor takes inventory. */
function background<Value>(work: Promise<Value>, done: (value: Value) => void): void {
  work.then(done).catch((error: unknown) => {
    queueMicrotask(() => {
      throw error;
    });
  });
}
