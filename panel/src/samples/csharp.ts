import type { Step } from './step.js';

/** The steps in C#, with HttpClient. */
export function csharpSample(steps: readonly Step[], serialNumber: string): string {
  const lines = steps.map(
    ({ do: verb, parameters }) => `await Device("${verb}", ${verbatim(JSON.stringify(parameters))});`,
  );
  return [
    'using System.Net.Http.Headers;',
    'using System.Text;',
    '',
    'var control = Environment.GetEnvironmentVariable("BLUETAP_CONTROL")!.Split("/#token=");',
    'using var http = new HttpClient { BaseAddress = new Uri(control[0]) };',
    'http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", control[1]);',
    '',
    'async Task<string> Device(string verb, string parameters)',
    '{',
    '    var body = new StringContent(parameters, Encoding.UTF8, "application/json");',
    `    using var answer = await http.PostAsync("/v1/devices/${encodeURIComponent(serialNumber)}/" + verb, body);`,
    '    answer.EnsureSuccessStatusCode();',
    '    return await answer.Content.ReadAsStringAsync();',
    '}',
    '',
    ...lines,
  ].join('\n');
}

function verbatim(text: string): string {
  return `@"${text.replaceAll('"', '""')}"`;
}
