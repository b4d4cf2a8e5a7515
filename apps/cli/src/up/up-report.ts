import { join } from 'node:path';
import { productFolder } from '#libs/platform';
import { quoteForSh } from '../env/shell-lines.ts';
import { timeOfDayText } from '../moment/moment.ts';
import type { Terminal } from '../shell/terminal.ts';
import { defaultHome } from './up-settings.ts';

/** What `waybill up` reports. With --json, one of these per line, with `at`. */
export type UpReport =
  | {
      readonly type: 'ready';
      readonly endpoint: string;
      /** Since the command began. */
      readonly seconds: number;
      readonly natsUrl: string;
      readonly home: string;
      readonly region: string;
      readonly account: string;
      /** The cluster that this machine's agent joins; null with --no-agent. */
      readonly cluster: string | null;
    }
  | { readonly type: 'warning'; readonly message: string; readonly lines?: readonly string[] }
  /** A process ended by itself and will be started again. */
  | {
      readonly type: 'ended';
      readonly process: string;
      readonly how: string;
      readonly lastLine: string | null;
      readonly restartInSeconds: number;
    }
  /** `waybill agent join`: the control plane has accepted the agent. */
  | { readonly type: 'joined'; readonly instanceId: string; readonly cluster: string }
  | { readonly type: 'back'; readonly process: string; readonly seconds: number }
  | { readonly type: 'nats-server'; readonly message: string }
  | { readonly type: 'stopping'; readonly signal: string; readonly hard: boolean }
  | { readonly type: 'stopped' };

/** The root key, printed by the start that made it. */
export interface NewRootKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly file: string;
}

export interface UpReporter {
  /** The key is shown to a person only: JSON lines end up in log stores. */
  ready(item: Extract<UpReport, { type: 'ready' }>, newKey: NewRootKey | null): void;
  report(item: Exclude<UpReport, { type: 'ready' }>): void;
}

export function upReporter(terminal: Terminal, json: boolean): UpReporter {
  const line = (item: UpReport): void => terminal.out(JSON.stringify({ at: new Date().toISOString(), ...item }));
  if (json) return { ready: line, report: line };
  return {
    ready: (item, newKey) => {
      terminal.out(readyLine(item.endpoint, item.seconds));
      terminal.out(howToUse(item, newKey));
    },
    report: (item) => terminal.out(itemText(item, new Date())),
  };
}

export function readyLine(endpoint: string, seconds: number): string {
  return `Waybill is ready at ${endpoint} (${seconds.toFixed(1)} s)`;
}

/** Lines to copy and paste. */
export function howToUse(
  { endpoint, natsUrl, home }: { readonly endpoint: string; readonly natsUrl: string; readonly home: string },
  newKey: NewRootKey | null,
): string {
  // A home that `waybill env` finds by itself needs no option.
  const homeOption = home === defaultHome() ? '' : ` --home ${quoteForSh(home)}`;
  const lines = [
    '',
    '  in another shell',
    `    eval "$(node ${wordForSh(join(productFolder(), 'deploy', 'waybill.mjs'))} env${homeOption})"`,
    `    aws --endpoint-url ${endpoint} ecs list-clusters`,
    `    nats --server ${natsUrl} micro ls`,
  ];
  if (newKey !== null) {
    lines.push(
      '',
      `  a root access key was made; \`waybill env\` prints it again, and it is kept in ${newKey.file}`,
      `    AWS_ACCESS_KEY_ID=${newKey.accessKeyId}`,
      `    AWS_SECRET_ACCESS_KEY=${newKey.secretAccessKey}`,
    );
  }
  lines.push('', '  Ctrl-C stops Waybill; containers keep running.', '');
  return lines.join('\n');
}

/** A path as one word of a command line; quoted only where it has to be. */
function wordForSh(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : quoteForSh(path);
}

/** One line per item; only a failed start adds the last lines of a log. */
export function itemText(item: Exclude<UpReport, { type: 'ready' }>, at: Date): string {
  const time = timeOfDayText(at);
  switch (item.type) {
    case 'warning':
      return [`${time} ${item.message}`, ...(item.lines ?? []).map((text) => `         ${text}`)].join('\n');
    case 'ended': {
      const why = item.lastLine === null ? '' : `: ${item.lastLine}`;
      return `${time} ${item.process} ended (${item.how}${why}); starting it again in ${item.restartInSeconds.toFixed(1)} s`;
    }
    case 'joined':
      return `${time} this host is container instance ${item.instanceId} of cluster ${item.cluster}; Ctrl-C ends the agent, containers keep running`;
    case 'back':
      return `${time} ${item.process} is back (${item.seconds.toFixed(1)} s)`;
    case 'nats-server':
      return `${time} ${item.message}`;
    case 'stopping':
      return item.hard
        ? `${time} ${item.signal} again: killing what is left`
        : `${time} ${item.signal}: stopping; containers keep running (once more to kill)`;
    case 'stopped':
      return `${time} stopped`;
  }
}
