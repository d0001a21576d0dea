const TEXTS = [
  '',
  'a required field is missing',
  'the payment method is not known',
  'a value breaks its rule',
  'the session is not the current one',
  'the live payment link belongs to another order',
  'the NFC part of the device failed',
  'the message has a critical field that the device does not know',
  'the device does not know this message type',
  'the device does not speak this version of the protocol',
  'the sequence number was used before',
  'internal error of the device',
];

/** A reason of a refusal, 1 to 255, in words for a person. docs/protocol.md section 3. */
export function describeReason(reason: number): string {
  return TEXTS[reason] || `reason ${reason}, which this version does not know`;
}
