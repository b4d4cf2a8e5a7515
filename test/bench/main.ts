import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { benchDocker } from './docker/docker.bench.ts';
import { benchE2e } from './e2e.bench.ts';
import { describeFigure, meetsGoal } from './figures.ts';
import type { Figure, Tell } from './figures.ts';
import { benchLog } from './log.bench.ts';
import { benchMemory } from './memory.bench.ts';
import { benchRunTask } from './run-task.bench.ts';
import { benchState } from './state.bench.ts';

const BENCHMARKS: Readonly<
  Record<string, { readonly about: string; readonly run: (tell: Tell, rounds: number) => Promise<readonly Figure[]> }>
> = {
  log: { about: 'durable group commits against a bare JetStream publisher', run: benchLog },
  'run-task': { about: 'RunTask answered when durable, over NATS and over HTTP with SigV4', run: benchRunTask },
  e2e: { about: 'RunTask → placed → agent → RUNNING on 1,000 simulated hosts, everything durable', run: benchE2e },
  docker: {
    about: 'services, tasks and stops on the engine of this machine, against a bare loop and Swarm',
    run: benchDocker,
  },
  memory: { about: 'resident memory at 10,000 running tasks', run: benchMemory },
  state: { about: "what a running task costs in the writer's state, in the view and in a snapshot", run: benchState },
};

const program = new Command('bench')
  .description('Benchmarks of Waybill, each with the raw limit measured in the same run.')
  .argument(
    '<names...>',
    Object.entries(BENCHMARKS)
      .map(([name, { about }]) => `${name}: ${about}`)
      .join('; '),
  )
  .option('--json <file>', 'write the figures as JSON: [{ name, value, unit, better, goal, raw?, ratio? }]')
  .option('--rounds <count>', 'alternating rounds of each measurement; figures are their medians', Number, 5)
  .showHelpAfterError()
  .parse();

const tell: Tell = (line) => console.error(`  ${line}`);
const names = program.args;
const unknown = names.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  program.error(`error: no benchmark named ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
}

const { json, rounds } = program.opts<{ json?: string; rounds: number }>();
const figures: Figure[] = [];
for (const name of names) {
  console.error(name);
  figures.push(...((await BENCHMARKS[name]?.run(tell, rounds)) ?? []));
}
for (const figure of figures) console.log(describeFigure(figure));
if (json !== undefined) await writeFile(json, `${JSON.stringify(figures, null, 2)}\n`);
// A missed goal is a result, not a failure of the run; it is plain to see in every line.
process.exit(figures.some((figure) => !meetsGoal(figure)) ? 2 : 0);
