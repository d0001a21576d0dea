import { usb } from '@bluetap/transport-usb';
import { charge } from './charge.js';

await charge(usb());
