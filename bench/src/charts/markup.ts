/** Attributes by their names; numbers are written with one decimal at most. */
type Attributes = Readonly<Record<string, string | number>>;

/** An element of XML that holds nothing, or this text. */
export function element(name: string, attributes: Attributes, text = ''): string {
  return text === '' ? `<${inner(name, attributes)}/>` : `${startTag(name, attributes)}${escaped(text)}</${name}>`;
}

/** The start of an element that holds other elements. */
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
