import { quoted } from './shell.js';
import type { Step } from './step.js';

/** The steps with curl. */
export function curlSample(steps: readonly Step[], serialNumber: string): string {
  const lines = steps.map(({ do: verb, parameters }) => `device ${verb} ${quoted(JSON.stringify(parameters))}`);
  return [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the shell
    'origin=${BLUETAP_CONTROL%%/#token=*}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the shell
    'token=${BLUETAP_CONTROL##*#token=}',
    'device() {',
    '  curl --silent --show-error --fail-with-body --header "authorization: Bearer $token" \\',
    '    --header \'content-type: application/json\' --data "$2" \\',
    `    "$origin/v1/devices/${encodeURIComponent(serialNumber)}/$1"`,
    '}',
    '',
    ...lines,
  ].join('\n');
}
