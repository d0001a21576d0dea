import { BEHAVIOURS } from '@bluetap/emulator/commands';
import { TRIGGERS } from '../steering/trigger-rows.js';

/** The parts of an OpenAPI document that the page needs. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, { readonly post?: ApiOperation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, ApiSchema>> };
}

interface ApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly requestBody: { readonly content: Readonly<Record<string, { readonly schema: ApiSchema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: { $ref: string } }>> }>
  >;
}

interface ApiSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly type?: string;
  readonly pattern?: string;
}

const JSON_TYPE = 'application/json';

/** The generated tables of docs/reference/control.md, by the names of their markers. */
export function referenceTables({ paths, components }: ApiDocument): Readonly<Record<string, string>> {
  const operations = Object.values(paths).flatMap(({ post }) => (post ? [post] : []));
  const isBehaviour = ({ operationId }: ApiOperation) => BEHAVIOURS.some(({ verb }) => verb === operationId);
  return {
    commands: table(
      ['verb', 'what it does', 'parameters', 'answer'],
      operations.filter((each) => !isBehaviour(each)).map((each) => [...row(each), `\`${answerOf(each)}\``]),
    ),
    behaviours: table(['verb', 'what goes wrong', 'parameters'], operations.filter(isBehaviour).map(row)),
    answers: Object.entries(components.schemas)
      .map(([name, schema]) => shape(name, schema))
      .join('\n\n'),
    triggers: table(
      ['order id', 'what happens'],
      TRIGGERS.map(({ orderId, summary }) => [`\`${orderId}\``, summary]),
    ),
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n').replaceAll(/\| {2}\|/g, '| |');
}

function row({ operationId, summary, requestBody }: ApiOperation): string[] {
  const { properties = {}, required = [] } = requestBody.content[JSON_TYPE]?.schema ?? {};
  const parameters = Object.entries(properties).map(([name, schema]) => {
    const fallback = schema.default === undefined ? '' : `; default ${schema.default}`;
    return `\`${name}\`${required.includes(name) ? '' : '?'}: ${ruleOf(schema)}${fallback}`;
  });
  return [`\`${operationId}\``, summary, parameters.join('<br>')];
}

function answerOf({ responses }: ApiOperation): string {
  return responses['200']?.content?.[JSON_TYPE]?.schema.$ref.split('/').at(-1) ?? '';
}

function ruleOf({ enum: choices, minimum, maximum, type, pattern }: ApiSchema): string {
  if (choices) return choices.join(', ');
  if (pattern) return 'bytes as hex';
  if (type !== 'integer') return 'an object';
  return maximum === Number.MAX_SAFE_INTEGER ? `a whole number from ${minimum}` : `${minimum} to ${maximum}`;
}

function shape(name: string, { description, properties = {}, required = [] }: ApiSchema): string {
  const members = Object.keys(properties).map((each) => `\`${each}\`${required.includes(each) ? '' : '?'}`);
  return `**${name}.** ${description} ${members.join(', ')}.`;
}
