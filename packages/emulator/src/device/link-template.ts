/** The placeholders of a payment link template, with their values. A value that was not in the PAY is absent. */
export interface PaymentLinkValues {
  readonly paymentMethod: string;
  readonly amount?: string | undefined;
  readonly orderId?: string | undefined;
  /** Lifetime in seconds; the default 900 if the PAY had no expiry time. */
  readonly expiryTime: number;
  readonly serialNumber: string;
}

/** The default template. Its host name does not exist, by RFC 2606. */
export const DEFAULT_LINK_TEMPLATE =
  'https://bluetap.example/pay/{paymentMethod}?amount={amount}&order={orderId}&expires={expiryTime}';

const NAMES: readonly (keyof PaymentLinkValues)[] = [
  'paymentMethod',
  'amount',
  'orderId',
  'expiryTime',
  'serialNumber',
];

/**
 * Reads a template such as `https://bluetap.example/pay/{paymentMethod}?amount={amount}`. Values are percent-encoded.
 * If a value is absent, its query parameter is omitted. Outside the query, an absent value is empty.
 * @returns A function that makes the payment link of one PAY.
 * @throws RangeError for an unknown placeholder, for a brace without a matching brace, and if the template is not an
 * absolute URI.
 */
export function parseLinkTemplate(template: string): (values: PaymentLinkValues) => string {
  for (const [placeholder, name] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (!(NAMES as readonly (string | undefined)[]).includes(name)) {
      const known = NAMES.map((each) => `{${each}}`).join(', ');
      throw new RangeError(`linkTemplate: unknown placeholder ${placeholder}; these are known: ${known}`);
    }
  }
  if (/[{}]/.test(template.replaceAll(/\{[^{}]*\}/g, ''))) {
    throw new RangeError(`linkTemplate: a brace has no matching brace in "${template}": write {name}`);
  }

  const [, base, query, fragment] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(template)!;
  const parameters = query?.split('&') ?? [];
  const link = (values: PaymentLinkValues): string => {
    const kept = parameters.map((parameter) => fill(parameter, values)).filter((parameter) => parameter !== undefined);
    const search = kept.length > 0 ? `?${kept.join('&')}` : '';
    const present = { ...values, amount: values.amount ?? '', orderId: values.orderId ?? '' };
    return `${fill(base!, present)}${search}${fill(fragment ?? '', present)}`;
  };

  const sample = link({ paymentMethod: 'TRUEMONEY', amount: '1', orderId: '1', expiryTime: 1, serialNumber: '1' });
  if (!URL.canParse(sample))
    throw new RangeError(
      `linkTemplate: "${template}" is not an absolute URI: begin it with a scheme, such as https://`,
    );
  return link;
}

/** Replaces the placeholders in a string. Returns undefined if a value is absent. */
function fill(text: string, values: PaymentLinkValues): string | undefined {
  let complete = true;
  const filled = text.replaceAll(/\{(\w+)\}/g, (_, name: keyof PaymentLinkValues) => {
    const value = values[name];
    complete &&= value !== undefined;
    return encodeURIComponent(value ?? '');
  });
  return complete ? filled : undefined;
}
