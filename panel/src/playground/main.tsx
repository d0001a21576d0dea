import { Emulator } from '@bluetap/emulator';
import { render } from 'preact';
import { Panel } from '../components/panel.js';
import { InPageSource } from '../source/in-page-source.js';
import { Store } from '../source/store.js';
import { CallsCard } from './calls-card.js';
import { Pos } from './pos.js';
import { PosCard } from './pos-card.js';

const source = new InPageSource();
const { emulator } = source.add((onEvent) => new Emulator({ onEvent }));
const store = new Store(source);
store.start();
const pos = new Pos(emulator.transport());

render(
  <Panel
    title="BlueTap playground"
    store={store}
    before={(device, actions) => <PosCard pos={pos} device={device} actions={actions} />}
    aboveWire={(device, actions) => <CallsCard pos={pos} device={device} actions={actions} />}
  />,
  document.getElementById('panel')!,
);
