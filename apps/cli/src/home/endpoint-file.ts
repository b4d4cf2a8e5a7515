import { CliProblem } from '../shell/cli-problem.ts';
import { EXIT } from '../shell/exit-codes.ts';
import { readTextFile, writePrivateFile } from '#libs/platform';
import { homePaths } from './home-files.ts';

/** Process ids of what `waybill up` runs; null between two lives. */
export interface ProcessIds {
  readonly up: number | null;
  readonly natsServer: number | null;
  readonly controlPlane: number | null;
  readonly agent: number | null;
}

/**
 * What `<home>/run/endpoint.json` holds for other commands. It outlives a stop: the next start takes the same ports, and
 * `waybill env` can print where Waybill will be.
 */
export interface Endpoint {
  readonly endpoint: string;
  /** The API's port on loopback. */
  readonly port: number;
  readonly natsUrl: string;
  readonly natsMonitorUrl: string;
  readonly region: string;
  readonly account: string;
  /** The container instance of this machine's agent. */
  readonly instanceId: string;
  /** When everything was ready, ISO 8601; null during a start. */
  readonly startedAt: string | null;
  readonly pids: ProcessIds;
}

export const NO_PROCESSES: ProcessIds = { up: null, natsServer: null, controlPlane: null, agent: null };

/** What the last start left, or null: there was none, or the file is not one of this version. Each start writes it anew. */
export async function readEndpoint(home: string): Promise<Endpoint | null> {
  const text = await readTextFile(homePaths(home).endpoint);
  if (text === null) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return isEndpoint(parsed) ? parsed : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Why a data folder has no endpoint: it never ran Waybill, or the file is damaged. */
export async function endpointProblem(home: string): Promise<CliProblem> {
  const { endpoint: file } = homePaths(home);
  const why =
    (await readTextFile(file)) === null
      ? `${home} has never run Waybill: start it with npm start, or name another data folder with --home`
      : `${file} is damaged: the next start makes a new one`;
  return new CliProblem(why, EXIT.unreachable);
}

export async function writeEndpoint(home: string, endpoint: Endpoint): Promise<void> {
  await writePrivateFile(homePaths(home).endpoint, `${JSON.stringify(endpoint, null, 2)}\n`);
}

function isEndpoint(value: unknown): value is Endpoint {
  if (typeof value !== 'object' || value === null) return false;
  const candidate: Partial<Record<keyof Endpoint, unknown>> = value;
  const texts = ['endpoint', 'natsUrl', 'natsMonitorUrl', 'region', 'account', 'instanceId'] as const;
  return (
    texts.every((member) => typeof candidate[member] === 'string') &&
    Number.isInteger(candidate.port) &&
    (candidate.startedAt === null || typeof candidate.startedAt === 'string') &&
    typeof candidate.pids === 'object' &&
    candidate.pids !== null
  );
}
