import { AgentCore } from '#libs/agents/core';
import type { AgentOutput } from '#libs/agents/core';
import type { AssignMessage, AgentRefusal, ReportAnswer } from '#libs/agents/protocol';
import { agent, IgnoresTerms, refused, reporting } from './broken-agents.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Bugs in the sessions of agents and in what they report. */
export const AGENT_BUGS: readonly PlantedBug[] = [
  {
    what: 'messages of replaced writers are acted upon',
    where: 'agent core',
    invariant: 'S3',
    within: 100,
    seed: 39,
    parts: agent(IgnoresTerms),
  },
  {
    what: 'an agent whose session is over goes on',
    where: 'agent core, session',
    invariant: 'S23',
    within: 100,
    seed: 30,
    parts: agent(
      class extends AgentCore {
        override reportAnswered(requestId: number, answer: ReportAnswer | AgentRefusal | null, now: number): void {
          const isFenced = answer !== null && 'error' in answer && answer.error.code === 'SessionFenced';
          super.reportAnswered(requestId, isFenced ? null : answer, now);
        }
      },
    ),
  },
  {
    what: 'any refusal stops all tasks',
    where: 'agent core, session',
    invariant: 'S15',
    within: 25,
    seed: 2,
    parts: refused(() => 'InstanceInactive'),
  },
  {
    what: 'differences that were missed are not asked for',
    where: 'agent core, wanted set',
    invariant: 'L6',
    within: 50,
    seed: 2,
    parts: agent(
      class extends AgentCore {
        override assign(message: AssignMessage, now: number): void {
          if (message.tasks.length > 0) super.assign(message, now);
        }
      },
    ),
  },
  {
    what: 'reports are sent once, whether they arrive or not',
    where: 'agent core, reports',
    invariant: 'L2',
    within: 25,
    seed: 5,
    parts: agent(
      class extends AgentCore {
        override drain(): readonly AgentOutput[] {
          const outputs = super.drain();
          for (const output of outputs) {
            // A term beyond every writer's: taken for durable at once.
            if (output.kind === 'report')
              super.reportAnswered(output.requestId, { accepted: true, term: 1_000_000 }, 0);
          }
          return outputs;
        }
      },
    ),
  },
  {
    what: 'a task that is to stop is reported as STOPPED at once',
    where: 'agent core, reports',
    invariant: 'S9',
    within: 25,
    seed: 1,
    parts: reporting((report) => (report.knownStatus === 'STOPPING' ? { ...report, knownStatus: 'STOPPED' } : report)),
  },
  {
    what: 'a task is reported as RUNNING with its first container',
    where: 'agent core, reports',
    invariant: 'S15',
    within: 25,
    seed: 1,
    parts: reporting((report) => (report.knownStatus === 'PENDING' ? { ...report, knownStatus: 'RUNNING' } : report)),
  },
  {
    what: 'the environment of a container stands in the reason of its end',
    where: 'agent core, reports',
    invariant: 'S17',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        #environment = '';

        override drain(): readonly AgentOutput[] {
          return super.drain().map((output): AgentOutput => {
            if (output.kind === 'step' && output.call.call === 'create' && output.call.spec.kind === 'container') {
              this.#environment = JSON.stringify(output.call.spec.environment);
            }
            if (output.kind !== 'report') return output;
            const reports = output.request.reports.map((report) =>
              report.knownStatus === 'STOPPED' ? { ...report, reason: `exited with ${this.#environment}` } : report,
            );
            return { ...output, request: { ...output.request, reports } };
          });
        }
      },
    ),
  },
  {
    what: 'a container is logged with its environment',
    where: 'agent core, notices',
    invariant: 'S17',
    within: 25,
    seed: 1,
    parts: agent(
      class extends AgentCore {
        override drain(): readonly AgentOutput[] {
          return super.drain().flatMap((output): readonly AgentOutput[] => {
            if (output.kind !== 'step' || output.call.call !== 'create') return [output];
            return [output, { kind: 'notice', level: 'info', text: `creating ${JSON.stringify(output.call.spec)}` }];
          });
        }
      },
    ),
  },
];
