import { AgentCore } from '#libs/agents/core';
import type { AgentOutput } from '#libs/agents/core';
import { wantedSum } from '#libs/ecs/messages';
import type { AssignMessage, AgentRefusal, ReportAnswer, SessionAnswer } from '#libs/agents/protocol';
import type {
  DefinitionsAnswer,
  WantedPage,
  ContainerDefinition,
  TaskDefinition,
  TaskReport,
  WantedTask,
} from '#libs/ecs/messages';
import type { BrokenParts } from '../parts.ts';

/* Ways to break the agent's core. */

type Parts = BrokenParts;
type Step = Extract<AgentOutput, { readonly kind: 'step' }>;

export function agent(broken: typeof AgentCore): Parts {
  return { AgentCore: broken };
}

/** Takes every message for one of the newest term. */
export class IgnoresTerms extends AgentCore {
  #newest = 0;

  override assign(message: AssignMessage, now: number): void {
    this.#newest = Math.max(this.#newest, message.term);
    super.assign({ ...message, term: this.#newest }, now);
  }

  override sessionAnswered(attempt: number, answer: SessionAnswer | AgentRefusal | null, now: number): void {
    super.sessionAnswered(attempt, answer === null || 'error' in answer ? answer : this.#renewed(answer), now);
  }

  override definitionsAnswered(requestId: number, answer: DefinitionsAnswer | AgentRefusal | null, now: number): void {
    super.definitionsAnswered(requestId, answer === null || 'error' in answer ? answer : this.#renewed(answer), now);
  }

  #renewed<Answer extends { readonly term: number }>(answer: Answer): Answer {
    this.#newest = Math.max(this.#newest, answer.term);
    return { ...answer, term: this.#newest };
  }
}

/** Takes the tasks that it is to have for tasks that have never run. */
export class StartsAgain extends AgentCore {
  #tasks: readonly WantedTask[] = [];
  #version = 0;

  override wantedAnswered(attempt: number, answer: WantedPage | AgentRefusal | null, now: number): void {
    if (answer === null || 'error' in answer) return super.wantedAnswered(attempt, answer, now);
    this.#tasks = [...this.#tasks, ...answer.tasks];
    this.#version = answer.version;
    const tasks = answer.tasks.map((task) => ({ ...task, lastStatus: 'PENDING' as const }));
    super.wantedAnswered(attempt, { ...answer, tasks }, now);
  }

  override drain(): readonly AgentOutput[] {
    return super.drain().map((output) => {
      if (output.kind === 'read-wanted' && output.after === null) this.#tasks = [];
      return output.kind === 'open-session' ? { ...output, wanted: wantedSum(this.#version, this.#tasks) } : output;
    });
  }
}

/** Understands the containers of its task definitions wrongly. */
export function reading(change: (container: ContainerDefinition) => ContainerDefinition): Parts {
  const changed = (definition: TaskDefinition): TaskDefinition => ({
    ...definition,
    containerDefinitions: definition.containerDefinitions.map(change),
  });
  return agent(
    class extends AgentCore {
      override definitionsAnswered(requestId: number, answer: Definitions, now: number): void {
        if (answer === null || 'error' in answer) return super.definitionsAnswered(requestId, answer, now);
        const read = Object.entries(answer.taskDefinitions).map(([arn, one]) => [arn, changed(one)] as const);
        super.definitionsAnswered(requestId, { ...answer, taskDefinitions: Object.fromEntries(read) }, now);
      }
    },
  );
}

type Definitions = DefinitionsAnswer | AgentRefusal | null;

/** Does other steps than it should; null: none, and believes that it is done. */
export function doing(change: (step: Step) => Step | null): Parts {
  return agent(
    class extends AgentCore {
      override drain(): readonly AgentOutput[] {
        return super.drain().flatMap((output): readonly AgentOutput[] => {
          if (output.kind !== 'step') return [output];
          const step = change(output);
          if (step === null) super.stepDone(output.stepId, { kind: 'done' }, 0);
          return step === null ? [] : [step];
        });
      }
    },
  );
}

/** Has the engine do the one wherever it should do the other. */
export function insteadOf(asked: 'signal' | 'remove', done: 'remove' | 'kill' | 'restart'): Parts {
  return doing((step) => (step.call.call === asked ? { ...step, call: { call: done, ref: step.call.ref } } : step));
}

/** Reports something else than it knows. */
export function reporting(change: (report: TaskReport) => TaskReport): Parts {
  return agent(
    class extends AgentCore {
      override drain(): readonly AgentOutput[] {
        return super
          .drain()
          .map((output) =>
            output.kind === 'report'
              ? { ...output, request: { ...output.request, reports: output.request.reports.map(change) } }
              : output,
          );
      }
    },
  );
}

/** Understands refusals wrongly. */
export function refused(read: (code: string) => string): Parts {
  const misread = <Answer extends object>(answer: Answer | AgentRefusal | null): Answer | AgentRefusal | null =>
    answer !== null && 'error' in answer ? { error: { ...answer.error, code: read(answer.error.code) } } : answer;
  return agent(
    class extends AgentCore {
      override wantedAnswered(attempt: number, answer: WantedPage | AgentRefusal | null, now: number): void {
        super.wantedAnswered(attempt, misread(answer), now);
      }

      override sessionAnswered(attempt: number, answer: SessionAnswer | AgentRefusal | null, now: number): void {
        super.sessionAnswered(attempt, misread(answer), now);
      }

      override reportAnswered(requestId: number, answer: ReportAnswer | AgentRefusal | null, now: number): void {
        super.reportAnswered(requestId, misread(answer), now);
      }
    },
  );
}
