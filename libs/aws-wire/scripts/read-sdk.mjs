import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

const require = createRequire(import.meta.url);

/** The first element of a static schema of the SDK. */
const OPERATION = 9;
const ERROR = -3;

/** What an SDK knows of its service: the schemas of operations and errors, and the enums of their members. */
export function readSdk(packageName) {
  const sdk = require(packageName);
  const schemas = Object.values(sdk).filter(Array.isArray);
  const models = path.join(path.dirname(require.resolve(`${packageName}/package.json`)), 'dist-types/models');
  const enumValues = enumsOf(sdk);
  return {
    operations: schemas.filter(([kind]) => kind === OPERATION),
    // The base class of all errors is no error of the model.
    errors: schemas.filter(([kind, , name]) => kind === ERROR && !name.endsWith('ServiceException')),
    enumOf: enumMembers(models, enumValues),
    enumValues,
  };
}

/** The values of each enum, which the SDK exports as an object of texts. */
function enumsOf(sdk) {
  const isEnum = (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
  return new Map(
    Object.entries(sdk)
      .filter(([, value]) => isEnum(value) && Object.values(value).every((text) => typeof text === 'string'))
      .map(([name, value]) => [name, Object.values(value)]),
  );
}

/** `Interface.member -> Enum` from the declarations: the schemas know strings only. */
function enumMembers(models, enumValues) {
  const found = new Map();
  for (const file of readdirSync(models).filter((name) => /^models_\d+\.d\.ts$/.test(name))) {
    const source = ts.createSourceFile(file, readFileSync(path.join(models, file), 'utf8'), ts.ScriptTarget.Latest);
    for (const statement of source.statements.filter(ts.isInterfaceDeclaration)) {
      for (const member of statement.members) {
        const written = member.type
          ?.getText(source)
          .replace(/ \| undefined$/, '')
          .replace(/\[\]$/, '');
        if (written !== undefined && enumValues.has(written)) {
          found.set(`${statement.name.text}.${member.name.getText(source)}`, written);
        }
      }
    }
  }
  return found;
}
