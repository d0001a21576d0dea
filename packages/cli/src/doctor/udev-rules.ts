import { USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';

export const RULES_FILE = '/etc/udev/rules.d/70-bluetap.rules';

/** The one step that installs the rules, for a person who reads advice. */
export const INSTALL_RULE = `bluetap udev-rules | sudo tee ${RULES_FILE}, then sudo udevadm control --reload, then plug the device in again`;

const hex = (id: number): string => id.toString(16).padStart(4, '0');

/**
 * The text of the rules file. Its number makes it come before the rules that give `uaccess` its meaning, and before those of
 * ModemManager, which would send its own commands to the serial port of a device that it does not know. It looks for
 * ID_MM_DEVICE_IGNORE at the USB device and at the port.
 * @param group The name of the group that may open the device.
 */
export function udevRules(group: string): string {
  const ids = (attribute: string): string =>
    `${attribute}{idVendor}=="${hex(USB_VENDOR_ID)}", ${attribute}{idProduct}=="${hex(USB_PRODUCT_ID)}"`;
  const grant = `MODE="0660", GROUP="${group}", TAG+="uaccess"`;
  const noModem = 'ENV{ID_MM_DEVICE_IGNORE}="1"';
  return `# BlueTap: lets the group ${group}, and whoever sits at the screen, open the device, and keeps ModemManager away from it.
# Install:  bluetap udev-rules | sudo tee ${RULES_FILE}
#           sudo udevadm control --reload && sudo udevadm trigger --action=add
# or plug the device in again after the reload.
KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ${ids('ATTRS')}, ${grant}
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${ids('ATTR')}, ${grant}, ${noModem}
SUBSYSTEM=="tty", KERNEL=="ttyACM*", ${ids('ATTRS')}, ${grant}, ${noModem}`;
}
