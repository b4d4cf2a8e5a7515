import type { AgentCore, AgentOutput } from '#libs/agents/core';
import type { AssignMessage, AgentRefusal, FencedMessage, ReportAnswer, SessionAnswer } from '#libs/agents/protocol';
import type { WantedPage } from '#libs/ecs/messages';
import type { Trace } from '../world/trace.ts';
import type { AgentObserver, ObservedHost } from './agent-observer.ts';

export interface CoreWatch {
  readonly host: ObservedHost;
  readonly observer: AgentObserver;
  readonly trace: Trace;
}

/** The core that an agent has in the product, or a broken one, with an observer of what it hears and does then. */
export function watchedCore(Core: typeof AgentCore, { host, observer, trace }: CoreWatch): typeof AgentCore {
  return class extends Core {
    /** Of all messages so far. */
    #newestTerm = 0;
    /** What it has said and its shell has not taken yet. */
    readonly #said: AgentOutput[] = [];

    override wantedAnswered(attempt: number, answer: WantedPage | AgentRefusal | null, now: number): void {
      this.#watchRefusal(answer);
      super.wantedAnswered(attempt, answer, now);
    }

    override sessionAnswered(attempt: number, answer: SessionAnswer | AgentRefusal | null, now: number): void {
      this.#watchRefusal(answer);
      const act = (): void => super.sessionAnswered(attempt, answer, now);
      if (answer === null || 'error' in answer) return act();
      this.#hear(answer.term, "a session's answer", now, act);
      if (this.isServing) observer.serves(host);
    }

    override reportAnswered(requestId: number, answer: ReportAnswer | AgentRefusal | null, now: number): void {
      if (answer !== null && 'error' in answer && answer.error.code === 'SessionFenced') observer.learnsFenced(host);
      super.reportAnswered(requestId, answer, now);
    }

    override assign(message: AssignMessage, now: number): void {
      const { term, fromVersion, toVersion } = message;
      this.#hear(term, `assign ${fromVersion}→${toVersion}`, now, () => super.assign(message, now));
    }

    override fenced(message: FencedMessage, now: number): void {
      const wasServing = this.isServing;
      this.#hear(message.term, 'fenced', now, () => super.fenced(message, now));
      if (wasServing && !this.isServing) observer.learnsFenced(host);
    }

    override drain(): readonly AgentOutput[] {
      return [...this.#said.splice(0), ...super.drain()];
    }

    #watchRefusal(answer: object | null): void {
      const refusal = answer as AgentRefusal | null;
      if (refusal?.error?.code === 'InstanceInactive') observer.learnsInactive(host);
    }

    /** After a message of an old term nothing may follow that was not due without it. */
    #hear(term: number, what: string, now: number, act: () => void): void {
      if (term >= this.#newestTerm) {
        this.#newestTerm = term;
        return act();
      }
      trace.note(`${host.name} receives ${what} of term ${term}, having seen ${this.#newestTerm}`);
      super.tick(now);
      this.#said.push(...this.#saidNow());
      act();
      for (const output of this.#saidNow()) {
        if (output.kind === 'step') {
          observer.actedOnOldTerm(host, `${output.call.call} after ${what} of term ${term}`);
        }
        this.#said.push(output);
      }
    }

    #saidNow(): readonly AgentOutput[] {
      const said: AgentOutput[] = [];
      for (let more = super.drain(); more.length > 0; more = super.drain()) said.push(...more);
      return said;
    }
  };
}
