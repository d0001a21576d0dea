import { USB_PRODUCT_ID, USB_VENDOR_ID } from '@bluetap/transport';

export const RULES_FILE = '/etc/udev/rules.d/70-bluetap.rules';

/** The step that installs the rules, as a part of an advice. */
export const INSTALL_RULE = `bluetap udev-rules | sudo tee ${RULES_FILE}, then sudo udevadm control --reload, then plug the device in again`;

const hex = (id: number): string => id.toString(16).padStart(4, '0');

/**
 * Returns the text of the rules file. udev reads files in the order of their names. The number 70 puts this file before
 * the rules that apply `uaccess` and before the rules of ModemManager. ModemManager would send its own commands to the
 * serial port of an unknown device. It looks for ID_MM_DEVICE_IGNORE at the USB device and at the port.
 * @param group The name of the group that may open the device.
 */
export function udevRules(group: string): string {
  const ids = (attribute: string): string =>
    `${attribute}{idVendor}=="${hex(USB_VENDOR_ID)}", ${attribute}{idProduct}=="${hex(USB_PRODUCT_ID)}"`;
  const grant = `MODE="0660", GROUP="${group}", TAG+="uaccess"`;
  const noModem = 'ENV{ID_MM_DEVICE_IGNORE}="1"';
  return `# BlueTap: lets the group ${group} and the user at the screen open the device, and keeps ModemManager away from it.
# Install:  bluetap udev-rules | sudo tee ${RULES_FILE}
#           sudo udevadm control --reload && sudo udevadm trigger --action=add
# Instead of the trigger, you can plug the device in again after the reload.
KERNEL=="hidraw*", SUBSYSTEM=="hidraw", ${ids('ATTRS')}, ${grant}
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${ids('ATTR')}, ${grant}, ${noModem}
SUBSYSTEM=="tty", KERNEL=="ttyACM*", ${ids('ATTRS')}, ${grant}, ${noModem}`;
}
