import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { errorAnswer } from './error-answer.js';

/** Headers of every answer. The page loads nothing from elsewhere, and no other page can show it or read it. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/**
 * Refuses what only another web page would send. A page of another site can make a browser send requests to this machine.
 * - Host: a name that somebody else's DNS points here (DNS rebinding) is refused with 421.
 * - Origin and Sec-Fetch-Site: a request that a page of another site caused is refused with 403, also a preflight.
 * @param hosts The names, besides IP addresses and localhost, by which the service is reached.
 */
export function guard(hosts: readonly string[]): MiddlewareHandler {
  return async (context, next) => {
    const refused = refuse(context, hosts);
    if (refused) context.res = refused;
    else await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  };
}

function refuse(context: Context, hosts: readonly string[]): Response | undefined {
  const host = context.req.header('host') ?? '';
  const name = host.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  if (isIP(name) === 0 && name !== 'localhost' && !hosts.includes(name)) {
    const message = `the service has no name ${JSON.stringify(name)}: use the address that "ready" has as control`;
    return errorAnswer(context, 421, 'wrong-host', message);
  }
  const origin = context.req.header('origin');
  const site = context.req.header('sec-fetch-site');
  const foreign = origin !== undefined && origin !== `http://${host}`;
  if (
    foreign ||
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    context.req.method === 'OPTIONS'
  ) {
    return errorAnswer(context, 403, 'foreign-page', 'a page of another site may not use this service');
  }
  return undefined;
}

/** Refuses a request without the token of the service with 401. */
export function requireToken(token: string): MiddlewareHandler {
  const expected = Buffer.from(`Bearer ${token}`);
  return async (context, next) => {
    const given = Buffer.from(context.req.header('authorization') ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next();
    context.header('www-authenticate', 'Bearer');
    const message =
      'send the header "authorization: Bearer TOKEN". The token stands in the address that "ready" has as control, behind #token=';
    return errorAnswer(context, 401, 'no-token', message);
  };
}
