import { readFileSync } from 'node:fs';

/** A `#define`: its parameters, which are absent for a constant, and its body. */
interface Macro {
  readonly parameters: readonly string[] | undefined;
  readonly body: string;
}

const EXPRESSION = /^[\w\s()<>=!&|+*/,?:%-]+$/;
const LITERALS = new Set(['true', 'false']);

/** The macros of a Promela model, as its preprocessor reads them when no switch is set. */
export class Promela {
  readonly text: string;
  readonly #macros = new Map<string, Macro>();

  /** @param file The path or URL of the model. */
  constructor(file: URL) {
    this.text = readFileSync(file, 'utf8');
    const lines = this.text
      .replace(/\/\*.*?\*\//gs, ' ')
      .replace(/\\\n/g, ' ')
      .split('\n');
    /** For each `#if` that is open: whether its present part is read. */
    const parts: boolean[] = [];
    for (const line of lines) {
      const [, directive, rest = ''] = /^\s*#\s*(\w+)\s*(.*)$/.exec(line) ?? [];
      if (directive === 'ifdef') parts.push(this.#macros.has(rest.trim()));
      else if (directive === 'ifndef') parts.push(!this.#macros.has(rest.trim()));
      else if (directive === 'if') parts.push(Boolean(this.#evaluate(rest)));
      else if (directive === 'else') parts.push(!parts.pop());
      else if (directive === 'endif') parts.pop();
      else if (directive === 'define' && parts.every(Boolean)) this.#define(rest);
    }
  }

  /**
   * The value of a constant.
   * @throws Error if the model has no such constant.
   */
  constant(name: string): number {
    if (this.#macro(name).parameters) throw new Error(`${name} of the model has parameters: use rule()`);
    return this.#evaluate(name);
  }

  /**
   * A rule of the model as a function. Booleans are 0 and 1, as in Promela.
   * @throws Error if the model has no such rule, or if the rule is not an expression.
   */
  rule(name: string): (...values: readonly (number | boolean)[]) => number {
    const { parameters = [] } = this.#macro(name);
    const run = new Function(...parameters, `${this.#dependencies(name)} return Number(${name}(${parameters}));`);
    return (...values) => {
      if (values.length !== parameters.length) throw new Error(`${name} has the parameters ${parameters}`);
      return run(...values.map(Number)) as number;
    };
  }

  #define(rest: string): void {
    const [, name = '', parameters, body = ''] = /^(\w+)(?:\(([^)]*)\))?\s*(.*)$/.exec(rest) ?? [];
    this.#macros.set(name, { parameters: parameters?.split(',').map((each) => each.trim()), body: body.trim() });
  }

  #macro(name: string): Macro {
    const macro = this.#macros.get(name);
    if (!macro) throw new Error(`delivery.pml has no #define ${name}: correct the test, or add it to the model`);
    return macro;
  }

  #evaluate(expression: string): number {
    return Number(new Function(`${this.#dependencies(expression)} return (${inJavaScript(expression)});`)());
  }

  /** The JavaScript declarations of all macros that an expression needs. */
  #dependencies(expression: string): string {
    const declared = new Map<string, string>();
    const declare = (text: string, bound: readonly string[]) => {
      for (const name of text.match(/[A-Za-z_]\w*/g) ?? []) {
        if (declared.has(name) || bound.includes(name) || LITERALS.has(name)) continue;
        const { parameters, body } = this.#macro(name);
        const value = inJavaScript(body);
        declared.set(name, `const ${name} = ${parameters ? `(${parameters}) => (${value})` : value};`);
        declare(body, parameters ?? []);
      }
    };
    declare(expression, []);
    // A macro uses macros that are declared after it here, so the constants come first, and the functions run later.
    const lines = [...declared.values()];
    return [...lines.filter((line) => !line.includes('=>')), ...lines.filter((line) => line.includes('=>'))].join(' ');
  }
}

/** The choice `(a -> b : c)` and the division of whole numbers are the only parts that JavaScript writes differently. */
function inJavaScript(expression: string): string {
  const translated = expression.replaceAll('->', '?').replace(/\((\w+)\) \/ (\d+)/g, 'Math.floor(($1) / $2)');
  if (!EXPRESSION.test(translated.replaceAll('Math.floor', ''))) {
    throw new Error(`This part of delivery.pml is not an expression: ${expression}`);
  }
  return translated;
}
