import { parseArguments, USAGE } from './arguments.ts';
import { runSeeds } from './run-seeds.ts';
import { summaryLine, describeSeed, describeViolation } from './summary.ts';

const settings = parseArguments(process.argv.slice(2));
if (settings === 'help') {
  console.log(USAGE);
} else if ('problem' in settings) {
  console.error(settings.problem);
  process.exitCode = 2;
} else {
  const startedAt = Date.now();
  const results = await runSeeds(settings, (result) => {
    if (result.violation !== null) console.log(describeViolation(result, settings.hoursOf(result.seed)));
    else if (settings.verbose || settings.seeds.length === 1) console.log(describeSeed(result));
  });
  console.log(summaryLine(results, (Date.now() - startedAt) / 1_000));
  process.exitCode = results.some(({ violation }) => violation !== null) ? 1 : 0;
}
