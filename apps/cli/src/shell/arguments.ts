const RELATIVE_TIME = /^-(?=\d+(\.\d+)?[smhdw])(\d+(\.\d+)?[smhdw])+$/;

/**
 * `-10m` is a moment, ten minutes ago, and no option: without its dash the parser takes it as the argument that it is.
 * What follows `--` is left alone.
 */
export function withoutDashOfRelativeTimes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, index) => {
    const isOperand = end !== -1 && index > end;
    return !isOperand && RELATIVE_TIME.test(argument) ? argument.slice(1) : argument;
  });
}
