import type { PaymentLink } from '../contract/payment-link.js';
import type { PaymentLinkValues } from './link-template.js';

/** The URIs of payment links. Every event contains the URI, so it is made once for each payment link. */
export class LinkUris {
  readonly #write: (values: PaymentLinkValues) => string;
  readonly #serialNumber: string;
  #written: { readonly link: PaymentLink; readonly uri: string } | undefined;

  /** @param write Fills in the template. */
  constructor(write: (values: PaymentLinkValues) => string, serialNumber: string) {
    this.#write = write;
    this.#serialNumber = serialNumber;
  }

  /** Returns the URI that a phone opens. */
  of(link: PaymentLink): string {
    if (this.#written?.link !== link) {
      this.#written = { link, uri: this.#write({ ...link, serialNumber: this.#serialNumber }) };
    }
    return this.#written.uri;
  }
}
