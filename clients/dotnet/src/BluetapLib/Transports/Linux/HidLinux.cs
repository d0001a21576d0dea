using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using BluetapLib.Transports.Common;

namespace BluetapLib.Transports.Linux
{
    /// <summary>The transport over USB HID on Linux. It uses the files of the kernel and the C library alone.</summary>
    internal sealed class HidLinux : ITransport
    {
        private readonly HidSysfs _sysfs;
        private readonly string _devices;
        private readonly string _only;

        /// <summary>Creates the transport. It opens nothing.</summary>
        /// <param name="only">The path of the only device to use, or null for every BlueTap device.</param>
        /// <param name="sysfs">The folder where sysfs is. Tests use another one.</param>
        /// <param name="devices">The folder with the device nodes. Tests use another one.</param>
        internal HidLinux(string only = null, string sysfs = "/sys", string devices = "/dev")
        {
            _only = only;
            _sysfs = new HidSysfs(sysfs);
            _devices = devices;
        }

        /// <inheritdoc/>
        public string Name => _only == null ? "hid" : "hid:" + _only;

        /// <inheritdoc/>
        public IReadOnlyList<DeviceInfo> List()
        {
            // A named device is always listed. If it is not there, opening says why, which helps more than an empty
            // list.
            if (_only != null) return new[] { InfoOf(_only, EntryOf(_only)) };
            return _sysfs.All().Where(entry => entry.IsBluetap)
                .Select(entry => InfoOf(Path.Combine(_devices, entry.Name), entry)).ToList();
        }

        /// <inheritdoc/>
        public IChannel Open(DeviceInfo device, TimeSpan timeout)
        {
            if (device == null) throw new ArgumentNullException(nameof(device));
            if (string.IsNullOrEmpty(device.Path)) throw Advice.NotThere("a HID device without a path");
            if (device.Id != device.Path || (_only != null && device.Path != _only))
            {
                throw Advice.OfOtherTransport(Name, device);
            }
            string name = HidAdvice.NameOf(device.Path);
            CheckIsSame(device, name);
            Descriptor file = Descriptor.Open(device.Path, Libc.ReadWrite | Libc.NoControllingTerminal, out int error);
            if (file == null) throw OpenError(device.Path, name, error);
            try
            {
                return new HidChannel(name, file);
            }
            catch (TransportException)
            {
                file.Dispose();
                throw;
            }
        }

        /// <summary>The error for a device that could not be opened.</summary>
        /// <param name="path">The path of its node.</param>
        /// <param name="name">The device in a message.</param>
        /// <param name="number">The error number of Linux.</param>
        internal TransportException OpenError(string path, string name, int number)
        {
            if (number == Errno.NoEntry && EntryOf(path) != null)
            {
                return new TransportException(TransportErrorCode.NotFound,
                    $"the kernel has {name}, but there is no such device node: start udev, or share the node with the "
                    + $"container (docker: --device {Printable.Of(path)})");
            }
            switch (number)
            {
                case Errno.NotPermitted:
                case Errno.AccessDenied:
                    return Advice.Denied(name, Advice.UdevRule);
                case Errno.Busy:
                    return Advice.Busy(name, HidAdvice.Holders);
                case Errno.NoEntry:
                case Errno.NotAFolder:
                case Errno.NoDeviceOrAddress:
                case Errno.NoDevice:
                case Errno.Shutdown:
                    return Advice.NotThere(name);
                case Errno.IsAFolder:
                    return NoHidDevice(path);
                case Errno.TimedOut:
                    return new TransportException(TransportErrorCode.Timeout,
                        $"{name} did not answer ({Errno.InWords(number)}): plug it in again");
                case Errno.InputOutput:
                case Errno.Protocol:
                    return Advice.Failed($"{name} does not work ({Errno.InWords(number)}): plug it in again");
                default:
                    return Advice.Failed($"{name} cannot be opened ({Errno.InWords(number)}): plug it in again");
            }
        }

        /// <summary>
        /// Refuses a node that belongs to another device by now, so that no byte reaches, for example, a keyboard. A
        /// path does not recognise a device (docs/protocol.md, R-88).
        /// </summary>
        private void CheckIsSame(DeviceInfo device, string name)
        {
            HidSysfs.Entry entry = EntryOf(device.Path);
            if (_only != null)
            {
                if (entry == null && Files.Exists(device.Path)) throw NoHidDevice(device.Path);
                return;
            }
            if (entry == null || !entry.IsBluetap) throw Advice.NotThere(name);
            if (device.SerialNumber != null && entry.SerialNumber != device.SerialNumber)
            {
                throw new TransportException(TransportErrorCode.NotFound,
                    $"{name} is now another device: its serial number is {Printable.Quote(entry.SerialNumber ?? "")}, "
                    + $"not {Printable.Quote(device.SerialNumber)}: list the devices again");
            }
        }

        /// <summary>What the kernel knows of a node, also if the path is a link to it.</summary>
        private HidSysfs.Entry EntryOf(string path)
        {
            if (path.IndexOf('\0') >= 0) return null;
            HidSysfs.Entry named = _sysfs.Find(Path.GetFileName(path));
            string real = named == null ? Files.RealPath(path) : null;
            return real == null ? named : _sysfs.Find(Path.GetFileName(real));
        }

        private static TransportException NoHidDevice(string path)
        {
            return Advice.Failed($"{Printable.Of(path)} is not a HID device: check the path; `bluetap list` shows the "
                + "BlueTap devices");
        }

        private static DeviceInfo InfoOf(string path, HidSysfs.Entry entry)
        {
            return new DeviceInfo(path, "hid", entry?.SerialNumber, entry?.Product, path);
        }
    }
}
