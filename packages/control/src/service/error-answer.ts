import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An answer that says what is wrong: `{"error":{"code","message",...}}`. */
export function errorAnswer(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  more: object = {},
): Response {
  return context.json({ error: { code, message, ...more } }, status);
}
