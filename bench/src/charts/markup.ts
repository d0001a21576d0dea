/** Attributes by name. A number is written with at most one decimal. */
type Attributes = Readonly<Record<string, string | number>>;

/** Returns an XML element that is empty or contains the text. */
export function element(name: string, attributes: Attributes, text = ''): string {
  return text === '' ? `<${inner(name, attributes)}/>` : `${startTag(name, attributes)}${escaped(text)}</${name}>`;
}

/** Returns the start of an element that contains other elements. */
export function startTag(name: string, attributes: Attributes): string {
  return `<${inner(name, attributes)}>`;
}

function inner(name: string, attributes: Attributes): string {
  return [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${written(value)}"`)].join(' ');
}

function written(value: string | number): string {
  return typeof value === 'number' ? `${Math.round(value * 10) / 10}` : escaped(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
