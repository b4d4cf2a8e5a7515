import { engineChecks } from './engine-checks.ts';
import type { CheckResult, HostCheck, HostProbe } from './host-check.ts';
import { machineChecks } from './machine-checks.ts';
import { networkChecks } from './network-checks.ts';
import { storageChecks } from './storage-checks.ts';

/** What a check came to. */
export interface CheckReport extends CheckResult {
  readonly check: string;
  readonly needs: string;
}

const CHECKS: readonly HostCheck[] = [...engineChecks, ...machineChecks, ...networkChecks, ...storageChecks];

/** Looks at everything, one thing after the other. */
export async function examineHost(probe: HostProbe): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const { name, needs, run } of CHECKS) reports.push({ check: name, needs, ...(await run(probe)) });
  return reports;
}

/** What stops no task but something that tasks may ask for, in one line each. */
export function warningsOf(reports: readonly CheckReport[]): readonly string[] {
  return reports.flatMap(({ state, check, found, needs, remedy }) =>
    state === 'missing' ? [`${check}: ${found}; needed for ${needs}; ${remedy}`] : [],
  );
}
