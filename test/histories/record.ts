import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { foldHistory } from './fold.ts';
import { recordAddressesAndImages } from './stories/addresses-and-images.story.ts';
import { recordAgentDrains } from './stories/agent-drains.story.ts';
import { recordAccount } from './stories/account.story.ts';
import { recordFargate } from './stories/fargate.story.ts';
import { recordInstancesAndTasks } from './stories/instances-and-tasks.story.ts';
import { recordFailedDeployments, recordHealthAndRoom, recordServiceLife } from './stories/services.story.ts';

interface Recorded {
  readonly lines: readonly string[];
  /** Commits at which the golden file shows what the log comes to; the end is one more. */
  readonly moments: readonly number[];
}

/** What is recorded with the event versions of now. A new event version gets new names here; a name is never used again. */
export const STORIES: Readonly<Record<string, () => Recorded>> = {
  'v1-account': recordAccount,
  'v1-instances-and-tasks': recordInstancesAndTasks,
  'v1-service-life': recordServiceLife,
  'v1-failed-deployments': recordFailedDeployments,
  'v1-health-and-room': recordHealthAndRoom,
  'v1-addresses-and-images': recordAddressesAndImages,
  'v1-fargate': recordFargate,
  'v1-agent-drains': recordAgentDrains,
};

/** Records what is missing: histories from their stories, golden files from their histories. Never overwrites. */
export function recordMissing(folder: string): void {
  for (const [name, record] of Object.entries(STORIES)) {
    const history = path.join(folder, `${name}.ndjson`);
    const golden = path.join(folder, `${name}.golden.json`);
    if (existsSync(history) && existsSync(golden)) continue;
    const { lines, moments } = record();
    if (!existsSync(history)) writeFileSync(history, lines.map((line) => `${line}\n`).join(''), { flag: 'wx' });
    if (existsSync(golden)) continue;
    // A history that was there is not what its story makes today.
    const folded = foldHistory(readFileSync(history, 'utf8').trimEnd().split('\n'), moments).golden;
    writeFileSync(golden, `${JSON.stringify(folded, null, 2)}\n`, { flag: 'wx' });
  }
}
