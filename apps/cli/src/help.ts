import { SERVICE_ENDPOINTS } from './env/variables.ts';

/* What follows the options in --help: what a newcomer can copy. */

export const PROGRAM_HELP = `
First steps:
  npm start                              set up, build, run everything (waybill up)
  eval "$(waybill env)"                  in another shell: point AWS tools and the nats command here
  aws --endpoint-url "$AWS_ENDPOINT_URL_ECS" ecs list-clusters
  waybill status

waybill is deploy/waybill.mjs of the clone: run it by that path, or put a link to it into a folder of PATH.

Where the commands look for Waybill: --home, else WAYBILL_HOME, else NATS_URL (with NATS_USER and NATS_PASSWORD or
NATS_CREDS), else the folder .waybill of the clone.

Answers are tables for people; -o json gives JSON for scripts, whose members stay as they are.

Exit codes:
  0  done; ready; verified
  1  no: not ready, not found, verification failed, the start failed
  2  the command line makes no sense
  3  Waybill does not run there, or cannot be reached`;

export const UP_HELP = `
Data, keys and logs are kept in the data folder; a second start finds everything as it was. A process that dies is
started again. Ctrl-C stops everything but the containers; a second Ctrl-C kills.

Examples:
  waybill up
  waybill up --port 0 --home /srv/waybill
  waybill up --no-agent --json`;

export const ENV_HELP = `
${SERVICE_ENDPOINTS.join(' and ')} direct these services here;
tools reach AWS for all others, with the access key of Waybill, which AWS refuses. Tools that know no variable per service (AWS CLI before 2.13, boto3 before 1.28) need
--endpoint-url, or endpoint_url=, with the address.

Examples:
  eval "$(waybill env)"
  eval "$(waybill env --all)"            every AWS service of this shell is directed here
  eval "$(waybill env --unset)"          as if nothing had been set
  waybill env --shell fish | source
  waybill env -o json`;

export const STATUS_HELP = `
Exit code 0 when Waybill is ready, 1 when it is not.

Examples:
  waybill status
  until waybill status >/dev/null 2>&1; do sleep 1; done
  waybill status -o json | jq '.clusters[].services[]'`;

export const DOCTOR_HELP = `
While Waybill runs, the log is read as it is. While it is stopped, a copy of the store is examined, and the witness, too.
--repair takes out messages that are not commits, with Waybill stopped: the log is written anew, every commit byte for byte,
and the old store is kept. An interrupted repair is finished by the next run.

Exit code 0 when the log is whole, or was repaired; 1 with what is wrong, where, and what to do.

Examples:
  waybill doctor
  waybill doctor --repair
  waybill doctor --repair --store /var/lib/waybill-nats     a nats-server that runs as a unit, stopped
  waybill doctor -o json`;

export const CLEAN_HELP = `
Containers keep running when Waybill stops, and also when its data folder is deleted. What a data folder that is still there
has started is left alone: stop those tasks and services instead. --home plays no part here.

Examples:
  waybill clean --dry-run
  rm -rf .waybill && waybill clean`;

export const HISTORY_HELP = `
Examples:
  waybill history arn:aws:ecs:us-east-1:000000000000:task/default/0f3c…
  waybill history 0f3c9a                        a task or container instance by the beginning of its id
  waybill history web --limit 20                a service or a cluster
  waybill history web:3 -o json                 a task definition revision
  waybill history ecs-svc/6480731593920283041   a deployment of a service
  waybill history web --type DeploymentStarted,DeploymentFailed`;

export const AT_HELP = `
A time of day is the last one that was. Times without a zone are local.

Examples:
  waybill at 14:03 tasks
  waybill at -10m services
  waybill at 2026-03-10T14:03:00Z clusters
  waybill at 42 tasks --cluster default         the 42nd commit of that cluster
  waybill at -1h container-instances -o json    as the AWS API would have answered`;

export const REPLAY_HELP = `
Exit code 0 when all is well, 1 with what differs.

Examples:
  waybill replay
  waybill replay --verify
  waybill replay --verify --shard ecs.000000000000.default -o json`;

export const AGENT_HELP = `
A second host, in two commands:
  waybill up --listen 192.0.2.10         this machine: NATS is reached at that address
  waybill agent token                    this machine: prints one word, good for one host and one hour
  waybill agent join TOKEN               the other machine`;

export const TOKEN_HELP = `
The token is good for one machine: the first that joins with it. It holds a password, so treat it like one.

Examples:
  waybill agent token
  waybill agent token --cluster build --name rack7 --expires 30m
  waybill agent token --launch-types FARGATE
  waybill agent token -o json | jq -r .token`;

export const JOIN_HELP = `
The same command again changes nothing: the agent runs again, with the credentials that this machine has by then.
WAYBILL_DRAIN_ON_SIGTERM=1 and the other settings of an agent (apps/agent/README.md) are taken from the environment.

Examples:
  waybill agent join waybill-join-1.eyJ1…
  waybill agent join - < token           where others could read the command line
  waybill agent join                     once it has joined, e.g. after a reboot
  sudo waybill agent join waybill-join-1.eyJ1… --systemd --home /var/lib/waybill-agent`;

export const LEAVE_HELP = `
Services move their tasks to other hosts; standalone tasks run to their end, or to the time-out: then nothing is deregistered.

Examples:
  waybill agent leave
  waybill agent leave --timeout 1h
  waybill agent leave --force`;

export const DRAIN_HELP = `
aws ecs update-container-instances-state --status ACTIVE puts it to work again. Exit code 1 when tasks are left after --wait.

Examples:
  waybill agent drain 0f3c9a… --wait --timeout 30m
  waybill agent drain`;

export const AGENT_DOCTOR_HELP = `
Run it as the user that runs the agent. Exit code 0 when tasks can run here, also when something that only some of them ask for
is missing; 1 when none can.

Examples:
  waybill agent doctor
  waybill agent doctor --json | jq -r '.checks[] | select(.state == "missing") | .remedy'`;
