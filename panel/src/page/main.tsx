import { render } from 'preact';
import { Panel } from '../components/panel.js';
import { HttpSource } from '../source/http-source.js';
import { Store } from '../source/store.js';
import { takeToken } from './token.js';

const root = document.getElementById('panel')!;
const token = takeToken();
if (token === undefined) {
  root.className = 'no-token';
  root.textContent =
    'This page needs the token of the emulator: open the whole address that "bluetap emulate --control" prints.';
} else {
  const store = new Store(new HttpSource(location.origin, token));
  store.start();
  render(<Panel title="BlueTap device panel" store={store} />, root);
}
