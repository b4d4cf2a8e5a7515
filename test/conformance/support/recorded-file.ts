import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ecsService } from '#libs/ecs/messages';

const FOLDER = path.join('test', 'conformance', 'recorded');
const STEP_MEMBERS = ['name', 'call', 'input', 'output', 'error', 'absent', 'keep', 'until'];
const ERROR_MEMBERS = ['type', 'message', 'resourceIds'];
const READ = /^(Describe|List)/;
const MEMBER_PATH = /^\w+(\[\d+\])*(\.\w+(\[\d+\])*)*$/;
const KEPT_NAME = /^\w+$/;

/** One call and what its response must be. */
export interface RecordedStep {
  readonly name: string;
  readonly call: string;
  readonly input: object;
  readonly output?: object;
  readonly error?: { readonly type: string; readonly message: unknown; readonly resourceIds?: readonly unknown[] };
  readonly absent?: readonly string[];
  readonly keep?: Readonly<Record<string, string>>;
  readonly until?: true;
}

export interface RecordedFile {
  readonly source: string;
  readonly steps: readonly RecordedStep[];
}

/** The topics that have a file, sorted. @throws when something else lies in the folder */
export function recordedTopics(): readonly string[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => {
      if (!/^[a-z][a-z0-9-]*\.json$/.test(file)) throw new Error(`${file} is not named <topic>.json`);
      return path.basename(file, '.json');
    });
}

/** @throws naming every part of the file that does not have the form */
export function readRecorded(topic: string): RecordedFile {
  const file: unknown = JSON.parse(readFileSync(path.join(FOLDER, `${topic}.json`), 'utf8'));
  const faults = recordedFileFaults(file);
  if (faults.length > 0) throw new Error(`${topic}.json:\n${faults.join('\n')}`);
  return file as RecordedFile;
}

/** What does not have the form. A step that could not fail is a fault too. */
export function recordedFileFaults(file: unknown): readonly string[] {
  if (!isObject(file)) return ['not an object'];
  const { source, steps } = file;
  const faults = unknownMembers('the file', file, ['source', 'steps']);
  if (!isText(source)) faults.push('source must be a text');
  if (!Array.isArray(steps) || steps.length === 0) return [...faults, 'steps must be a list with a step'];
  return [...faults, ...steps.flatMap((step, index) => stepFaults(`step ${index + 1}`, step))];
}

function stepFaults(at: string, step: unknown): readonly string[] {
  if (!isObject(step)) return [`${at}: not an object`];
  const { name, call, input, output, error, absent, keep, until } = step;
  const faults = unknownMembers(at, step, STEP_MEMBERS);
  const claim = (holds: boolean, text: string): void => void (holds || faults.push(`${at}: ${text}`));
  claim(isText(name), 'name must be a text');
  claim(
    typeof call === 'string' && Object.hasOwn(ecsService.shapes.operations, call),
    'call must be an operation of the model',
  );
  claim(isObject(input), 'input must be an object');
  claim(output !== undefined || error !== undefined || absent !== undefined, 'has no output, error or absent');
  claim(output === undefined || isObject(output), 'output must be an object');
  claim(error === undefined || (output ?? absent ?? keep) === undefined, 'error excludes output, absent and keep');
  if (error !== undefined) faults.push(...errorFaults(at, error));
  claim(absent === undefined || isListOf(absent, MEMBER_PATH), 'absent must be a list of paths such as tasks[0].tags');
  claim(keep === undefined || isKeep(keep), 'keep must map names to paths such as tasks[0].taskArn');
  claim(until === undefined || until === true, 'until can only be true');
  claim(until === undefined || (typeof call === 'string' && READ.test(call)), 'until is for calls that read');
  faults.push(...patternFaults(at, output), ...patternFaults(at, error));
  return faults;
}

function errorFaults(at: string, error: unknown): readonly string[] {
  if (!isObject(error)) return [`${at}: error must be an object`];
  const faults = unknownMembers(`${at}: error`, error, ERROR_MEMBERS);
  if (!isText(error['type'])) faults.push(`${at}: error.type must be a text`);
  // Some errors of ECS have an empty message.
  if (typeof error['message'] !== 'string' && !isObject(error['message'])) {
    faults.push(`${at}: error.message must be a text`);
  }
  return faults;
}

/** `{"$matches": "…"}` is one member with a regular expression; any other member that begins with `$` is a slip. */
function patternFaults(at: string, expected: unknown): readonly string[] {
  if (Array.isArray(expected)) return expected.flatMap((item) => patternFaults(at, item));
  if (!isObject(expected)) return [];
  const special = Object.keys(expected).filter((member) => member.startsWith('$'));
  if (special.length === 0) return Object.values(expected).flatMap((value) => patternFaults(at, value));
  const pattern = expected['$matches'];
  if (typeof pattern !== 'string' || Object.keys(expected).length > 1) {
    return [`${at}: ${special.join(', ')}: only {"$matches": "regular expression"} has a meaning`];
  }
  try {
    RegExp(pattern);
    return [];
  } catch (fault) {
    return [`${at}: ${String(fault)}`];
  }
}

function unknownMembers(at: string, value: object, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter((member) => !known.includes(member))
    .map((member) => `${at}: unknown member ${member}`);
}

function isKeep(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.keys(value).every((name) => KEPT_NAME.test(name)) && isListOf(Object.values(value), MEMBER_PATH);
}

function isListOf(value: unknown, form: RegExp): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && form.test(item));
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
