// Which payment link a CANCEL ends: docs/protocol.md section 4.
import { TAG } from './checks.js';
import type { Does } from './mistakes/index.js';
import type { PaymentLink } from './payment-link.js';
import { type Field, textOf } from './wire.js';

/** The order id that a request has, if it has one. */
export function orderIdOf(fields: readonly Field[]): string | undefined {
  const field = fields.find(({ tag }) => tag === TAG.orderId);
  return field && textOf(field.value);
}

/** True if a CANCEL gets reason 5: rule 11 of the order of checks. */
export function isOfAnotherOrder(fields: readonly Field[], { live, order }: PaymentLink, does: Does): boolean {
  const asked = orderIdOf(fields);
  const shown = order?.orderId;
  if (!live) {
    if (does('CANCEL without a live payment link is refused')) return true;
    const latest = does('CANCEL of the latest order only when nothing is live') && asked !== undefined && order;
    return latest ? asked !== shown : false;
  }
  if (asked === undefined) return does('CANCEL without an order is refused') && shown !== undefined;
  if (does('CANCEL ignores the order id')) return false;
  if (does('CANCEL of another order succeeds without an effect')) return false;
  if (shown === undefined) return !does('CANCEL with an order ends a payment link without one');
  if (does('CANCEL with a longer order id ends the payment link')) return !asked.startsWith(shown);
  if (does('CANCEL compares the beginning of the order id')) return !shown.startsWith(asked);
  if (does('CANCEL compares the order id without case')) return shown.toLowerCase() !== asked.toLowerCase();
  return shown !== asked;
}
