const KEY = 'bluetap-token';

/**
 * Returns the token of the address, and takes it out of the address bar, so that a picture of the window or a copied
 * address does not show it. A page that is loaded again has it from the storage of its tab.
 */
export function takeToken(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null || token === '') return sessionStorage.getItem(KEY) ?? undefined;
  sessionStorage.setItem(KEY, token);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}
