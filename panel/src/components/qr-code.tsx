import { useMemo } from 'preact/hooks';
import { encode } from 'uqr';

const BORDER = 2;

/** A QR code that a phone can open. It is always dark on white, because many phones cannot read another QR code. */
export function QrCode({ text }: { readonly text: string }) {
  const { size, path } = useMemo(() => pathOf(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the payment link">
      <title>QR code of the payment link</title>
      <path class="qr-light" d={`M0 0h${size}v${size}H0z`} />
      <path class="qr-dark" d={path} />
    </svg>
  );
}

/** One horizontal stroke for each run of dark modules. */
function pathOf(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: BORDER });
  let path = '';
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x]) x++;
      path += `M${from} ${y}h${x - from}v1h${from - x}z`;
    }
  }
  return { size, path };
}
