import type { FilledTaskDefinition } from './task-definition-defaults.ts';

const LOG_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];
const AWSLOGS_OPTIONS = ['awslogs-region', 'awslogs-group'];
const NEEDS_ROLE = 'Fargate requires task definition to have execution role ARN to support';
const ECR_IMAGE = /\.dkr\.ecr[.-]/;

/** What Fargate asks of logs and of the role that pulls images and writes logs. */
export function logFault(definition: FilledTaskDefinition): string | null {
  const hasRole = definition.executionRoleArn !== undefined;
  for (const container of definition.containerDefinitions) {
    const { logConfiguration } = container;
    if (ECR_IMAGE.test(container.image) && !hasRole) return `${NEEDS_ROLE} ECR images.`;
    if (logConfiguration === undefined) continue;
    const { logDriver: driver, options = {} } = logConfiguration;
    if (!LOG_DRIVERS.includes(driver)) {
      return `${driver} is not a valid log driver. Must be one of [${LOG_DRIVERS.join(',')}]`;
    }
    if (driver !== 'awslogs') continue;
    const missing = AWSLOGS_OPTIONS.filter((name) => options[name] === undefined);
    if (missing.length > 0) return `Log driver awslogs requires options: ${missing.join(', ')}`;
    if (!hasRole) return `${NEEDS_ROLE} log driver awslogs.`;
    if (options['awslogs-stream-prefix'] === undefined) {
      return 'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.';
    }
  }
  return null;
}
