// @ts-check
/** What an agent offers only where its host has the programs: gVisor for FARGATE tasks, XFS for volumes. */
import { ensureOptionalPackage } from './optional-package.mjs';

const PACKAGES = [
  { program: 'runsc', packageName: 'runsc', testsOf: 'isolation by gVisor' },
  { program: 'mkfs.xfs', packageName: 'xfsprogs', testsOf: 'volumes with XFS' },
];

/**
 * @param {import('./context.mjs').SetupContext} context
 * @param {Partial<import('./optional-package.mjs').Probe>} [overrides]
 */
export async function ensureHostPackages(context, overrides) {
  for (const wanted of PACKAGES) await ensureOptionalPackage(context, wanted, overrides);
}
