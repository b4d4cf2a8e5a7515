import { parseArguments, USAGE } from './arguments.ts';
import { runSeeds } from './run-seeds.ts';
import { summaryLine, tellSeed, tellViolation } from './tell.ts';

const settings = parseArguments(process.argv.slice(2));
if (settings === 'help') {
  console.log(USAGE);
} else if ('problem' in settings) {
  console.error(settings.problem);
  process.exitCode = 2;
} else {
  const startedAt = Date.now();
  const results = await runSeeds(settings, (result) => {
    if (result.violation !== null) console.log(tellViolation(result, settings.hoursOf(result.seed)));
    else if (settings.verbose || settings.seeds.length === 1) console.log(tellSeed(result));
  });
  console.log(summaryLine(results, (Date.now() - startedAt) / 1_000));
  process.exitCode = results.some(({ violation }) => violation !== null) ? 1 : 0;
}
