import { hid } from '@bluetap/transport-hid';
import { charge } from './charge.js';

await charge(hid());
